package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	width, err := strconv.Atoi(os.Args[1])
	if err != nil || width < 1 {
		fmt.Fprintln(os.Stderr, "fold WIDTH TEXT")
		os.Exit(2)
	}
	text := os.Args[2]
	for len(text) > width {
		fmt.Println(text[:width])
		text = text[width:]
	}
	fmt.Println(text)
}
