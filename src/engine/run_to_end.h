#pragma once

#include "base/clock.h"
#include "engine/engine.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

namespace fresh::engine {

/// Removes a container by force at the end of scope, also after a stop: the call has no stop token. Where the
/// engine does not answer, the container's labels say whose it is, and `down` and the next reset find it.
class ContainerGuard {
 public:
  ContainerGuard(Engine& engine, std::string container) : engine_(engine), container_(std::move(container)) {}
  ContainerGuard(const ContainerGuard&) = delete;
  ContainerGuard& operator=(const ContainerGuard&) = delete;
  ~ContainerGuard();

  const std::string& container() const { return container_; }

 private:
  Engine& engine_;
  std::string container_;
};

/// How a container's run ended, from the engine's own words.
struct RunEnd {
  std::optional<Container> container =
      {};                           ///< as inspected at the end; nothing when the engine no longer has it
  bool killed_at_deadline = false;  ///< the time was up, and the container was killed
  std::string output_lost = {};     ///< why the output that was handed on is not whole; empty when it is
  std::string wait_lost = {};  ///< why the wait for the exit broke off; then the state was asked for instead
};

/// Runs a container that was created to its end: attaches, arms the wait for its exit, starts it, waits
/// `timeout` at most, inspects it. In this order, so that neither the first output nor a quick exit is
/// missed. At the deadline it is killed. A wait that breaks is no end of the container and no time-out: its
/// state is asked for until it has ended. Output is handed on from a thread of its own, and not after this
/// returns. Throws EngineError for a refused start and for an engine that can no longer be asked,
/// base::Interrupted on stop; the container is then left as it is.
RunEnd run_to_end(Engine& engine, const std::string& container, std::chrono::milliseconds timeout,
                  const StreamSink& output, const base::Clock& clock, const std::stop_token& stop);

}  // namespace fresh::engine
