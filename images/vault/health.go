package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"
)

// health asks this container's own server, whose name no certificate need hold, for sys/health: 200 is initialised,
// unsealed and active, 501 not initialised, 503 sealed.
func health(settings settings) error {
	_, port, err := net.SplitHostPort(settings.listen)
	if err != nil {
		return err
	}
	scheme := "http"
	if settings.cert != "" {
		scheme = "https"
	}
	client := http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
	}
	answer, err := client.Get(fmt.Sprintf("%s://127.0.0.1:%s/v1/sys/health", scheme, port))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusNotImplemented:
		return fmt.Errorf("not initialised")
	case http.StatusServiceUnavailable:
		return fmt.Errorf("sealed")
	}
	return fmt.Errorf("sys/health answers with status %d", answer.StatusCode)
}
