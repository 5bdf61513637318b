package clock;

public final class Clock {
    private Clock() {}

    public static void main(String[] args) {
        long seconds = Long.parseLong(args[0]);
        System.out.printf("%d:%02d:%02d%n", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
