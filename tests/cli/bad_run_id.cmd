2 --project projects/valid run --run-id ../outside
