module fold

go 1.22
