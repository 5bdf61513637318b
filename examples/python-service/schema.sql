CREATE TABLE events (
    number TEXT NOT NULL,
    at     TEXT NOT NULL,
    place  TEXT NOT NULL,
    what   TEXT NOT NULL,
    PRIMARY KEY (number, at)
);

INSERT INTO events VALUES
    ('400123456782', '2024-05-30T17:12:00', 'Zwickau', 'accepted'),
    ('400123456782', '2024-05-31T04:40:00', 'Öhringen', 'sorted'),
    ('400123456782', '2024-05-31T11:05:00', 'Offenburg', 'delivered');
