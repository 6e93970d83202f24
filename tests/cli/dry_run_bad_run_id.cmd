2 --project projects/valid run --dry-run --run-id ../outside
