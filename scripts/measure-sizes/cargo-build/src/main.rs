fn main() {
    println!("measured");
}
