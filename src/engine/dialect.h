#pragma once

#include "engine/types.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <utility>

namespace fresh::engine {

/// Request bodies and queries in the two dialects: pure, and equal bytes for equal input (keys are sorted).

/// `{"label":["a=b","c"]}`.
std::string label_filter(const Labels& labels);

/// Podman's SpecGenerator, POST libpod/containers/create. Docker's form loses there: a health test is joined
/// to one string, and the healthcheck of the image is forgotten.
nlohmann::json podman_container_body(const ContainerSpec& spec);
/// Docker's POST containers/create; `one_network` leaves all but the first network out (API before 1.44).
nlohmann::json docker_container_body(const ContainerSpec& spec, bool one_network);
/// The network that is given at create: the one of the highest priority, then by name.
std::string first_network(const ContainerSpec& spec);
nlohmann::json docker_endpoint(const EndpointSettings& settings);

nlohmann::json podman_network_body(const NetworkSpec& spec);
nlohmann::json docker_network_body(const NetworkSpec& spec);

/// The query of POST build, with its '?'.
std::string podman_build_query(const BuildRequest& request);
std::string docker_build_query(const BuildRequest& request);

/// `host:5000/a/b:tag` -> name and tag; the tag is `latest` without one. A digest stays with the name.
std::pair<std::string, std::string> split_tag(const std::string& reference);

/// The number of a signal by name or digits: `SIGTERM`, `TERM`, `15`, `SIGRTMIN+3`; 0 for an unknown one.
int signal_number(const std::string& name);

}  // namespace fresh::engine
