#include "php.h"

zend_module_entry measured_module_entry = {
    STANDARD_MODULE_HEADER, "measured", NULL, NULL, NULL, NULL, NULL, NULL, "1.0.0",
    STANDARD_MODULE_PROPERTIES};

ZEND_GET_MODULE(measured)
