PHP_NEW_EXTENSION(measured, measured.c, $ext_shared)
