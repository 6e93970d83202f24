#pragma once

#include "compose/spec.h"
#include "engine/engine.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {

/// What `ps` and `status` show of one container.
struct ServiceStatus {
  std::string service;
  std::string container;
  std::string state;
  int exit_code = 0;
  std::vector<engine::PortBinding> ports;
};

/// The number of a service's container, from its label; 0 without one.
int number_of(const engine::Container& container);

/// True for a container of `run SERVICE`, by its label.
bool is_one_off(const engine::Container& container);

/// The project's containers, one-offs left out, sorted by service and name. One list, and an inspection of
/// each that does not run.
std::vector<ServiceStatus> status(const std::string& project, engine::EngineReader& reader,
                                  const engine::Call& call);

/// The same of containers that were looked at before (compose::observe).
std::vector<ServiceStatus> status_of(const std::vector<engine::Container>& containers);

/// Whether the file declares a healthcheck for a service that has containers.
bool has_check(const Service& service);

/// Whether a service does its work and ends: no healthcheck, and `restart: "no"` written.
bool is_one_shot(const Service& service);

/// Whether a service is to be probed: by has_check(), or because its image brings a healthcheck that the file
/// does not touch.
bool is_checked(const Service& service, engine::EngineReader& reader, const engine::Call& call);

/// What one probe of a service came to.
struct Probed {
  bool passed = false;
  std::string said = {};  ///< the first line of the check that failed, or why there was none to ask
  bool operator==(const Probed&) const = default;
};

/// One probe of every container of a service that is_checked(): whether all run and pass.
Probed probe_service(const Project& project, const Service& service, engine::Engine& engine,
                     const engine::Call& call);

/// Own evidence of health, one probe each, of every service that is_checked(): Podman without systemd leaves
/// the engine's word at `starting` for ever. A service is healthy when all its containers run and pass.
std::map<std::string, Probed> probe_all(const Project& project, engine::Engine& engine,
                                        const engine::Call& call);

/// The verdicts alone.
std::map<std::string, bool> verdicts(const std::map<std::string, Probed>& probed);

/// The log of one container so far or followed, line by line, both streams. Who follows goes on until the
/// container ends or `call` is stopped: its deadline ends one request, and the next goes on from there.
void read_log(engine::EngineReader& reader, const std::string& container, const engine::LogRequest& request,
              const std::function<void(engine::Stream stream, std::string_view line)>& sink,
              const engine::Call& call);

}  // namespace fresh::compose
