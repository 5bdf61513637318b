package Text::Squeeze;

use strict;
use warnings;

our $VERSION = '1.00';

sub squeeze {
    my ($text) = @_;
    $text =~ s/ +/ /g;
    return $text;
}

1;
