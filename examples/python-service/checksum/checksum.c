#include "checksum.h"

/* Check digit of a parcel number: weights 3 and 1 in turn from the right, modulo 10. */
int parcel_check_digit(const char *digits, int length)
{
    int sum = 0;

    for (int i = 0; i < length; i++) {
        char c = digits[length - 1 - i];
        if (c < '0' || c > '9')
            return -1;
        sum += (c - '0') * (i % 2 == 0 ? 3 : 1);
    }
    return (10 - sum % 10) % 10;
}
