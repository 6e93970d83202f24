10 -f - validate
