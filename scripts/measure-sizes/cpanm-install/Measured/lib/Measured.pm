package Measured;
our $VERSION = '1.00';
1;
