package main

// settings is what the environment may set.
type settings struct {
	listen string // VAULTD_LISTEN, address and port
	data   string // VAULTD_DATA, the folder of the storage
	cert   string // VAULTD_TLS_CERT and VAULTD_TLS_KEY, PEM files; without them it speaks plain HTTP
	key    string
	level  string // VAULTD_LOG_LEVEL, of hclog
}

func settingsOf(lookup func(string) (string, bool)) settings {
	get := func(name, fallback string) string {
		if value, ok := lookup(name); ok {
			return value
		}
		return fallback
	}
	return settings{
		listen: get("VAULTD_LISTEN", "0.0.0.0:8200"),
		data:   get("VAULTD_DATA", "/vault/data"),
		cert:   get("VAULTD_TLS_CERT", ""),
		key:    get("VAULTD_TLS_KEY", ""),
		level:  get("VAULTD_LOG_LEVEL", "info"),
	}
}
