// Command vaultd serves the Vault HTTP API with HashiCorp Vault 1.14.2 (MPL-2.0) as a library: its core, HTTP handler and
// file storage, with key/value secrets, token and AppRole logins and the file audit. There is no command line client, no
// web page, no cloud plugin and no auto-unseal. For demos and tests.
//
//	vaultd          serves until SIGTERM or SIGINT
//	vaultd health   succeeds when the server of this container is initialised, unsealed and active
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const usage = "usage: vaultd [health]"

func main() {
	if err := dispatch(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "vaultd:", err)
		os.Exit(1)
	}
}

func dispatch(arguments []string) error {
	settings := settingsOf(os.LookupEnv)
	switch {
	case len(arguments) == 0:
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
		return serve(settings, stop)
	case len(arguments) == 1 && arguments[0] == "health":
		return health(settings)
	}
	return fmt.Errorf("unknown arguments; %s", usage)
}
