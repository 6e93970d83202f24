package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/armon/go-metrics"
	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/audit"
	auditfile "github.com/hashicorp/vault/builtin/audit/file"
	"github.com/hashicorp/vault/helper/metricsutil"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/physical/file"
	"github.com/hashicorp/vault/vault"
	"github.com/hashicorp/vault/version"
)

// shutdownGrace bounds the answers that are under way when the server is told to end.
const shutdownGrace = 5 * time.Second

// serve runs until stop receives. The core starts sealed, always: who has the key shares unseals it.
func serve(settings settings, stop <-chan os.Signal) error {
	log := hclog.New(&hclog.LoggerOptions{Name: "vaultd", Level: hclog.LevelFromString(settings.level), Output: os.Stderr})
	core, err := newCore(settings, log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", settings.listen)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: vaulthttp.Handler.Handler(&vault.HandlerProperties{
			Core:           core,
			ListenerConfig: &configutil.Listener{Address: settings.listen},
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       5 * time.Minute,
		ErrorLog:          log.StandardLogger(nil),
	}
	served := make(chan error, 1)
	go func() {
		if settings.cert != "" {
			served <- server.ServeTLS(listener, settings.cert, settings.key)
		} else {
			served <- server.Serve(listener)
		}
	}()
	log.Info("listening", "address", listener.Addr().String(), "data", settings.data,
		"vault", version.GetVersion().VersionNumber(), "tls", settings.cert != "")

	select {
	case err := <-served:
		return err
	case <-stop:
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	return errors.Join(server.Shutdown(ctx), core.ShutdownWait())
}

func newCore(settings settings, log hclog.Logger) (*vault.Core, error) {
	if err := os.MkdirAll(settings.data, 0o700); err != nil {
		return nil, err
	}
	storage, err := file.NewFileBackend(map[string]string{"path": settings.data}, log.Named("storage"))
	if err != nil {
		return nil, err
	}
	return vault.NewCore(&vault.CoreConfig{
		Physical:           storage,
		StorageType:        "file",
		LogicalBackends:    plugins[consts.PluginTypeSecrets],
		CredentialBackends: plugins[consts.PluginTypeCredential],
		AuditBackends:      map[string]audit.Factory{"file": auditfile.Factory},
		BuiltinRegistry:    plugins,
		Logger:             log,
		DisableMlock:       true, // a container without capabilities cannot lock memory
		ClusterName:        "vaultd",
		// Without a sink, sys/metrics would be a nil dereference.
		MetricsHelper: metricsutil.NewMetricsHelper(metrics.NewInmemSink(10*time.Second, time.Minute), false),
	})
}
