#ifndef CHECKSUM_H
#define CHECKSUM_H

/* Returns 0 to 9, or -1 where a character is no digit. */
int parcel_check_digit(const char *digits, int length);

#endif
