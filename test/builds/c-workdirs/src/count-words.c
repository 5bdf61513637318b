#include <ctype.h>
#include <stdio.h>

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
  if (file == NULL) return 2;
  int words = 0, inside = 0;
  for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
    if (!isspace(c) && !inside) words++;
    inside = !isspace(c);
  }
  printf("%d\n", words);
  return 0;
}
