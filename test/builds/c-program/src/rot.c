#include <ctype.h>
#include <stdio.h>

int main(void) {
    int letter;
    while ((letter = getchar()) != EOF) {
        if (islower(letter)) letter = 'a' + (letter - 'a' + 13) % 26;
        else if (isupper(letter)) letter = 'A' + (letter - 'A' + 13) % 26;
        putchar(letter);
    }
    return 0;
}
