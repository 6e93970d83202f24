#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "engine/engine.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

namespace fresh::compose {

/// How a service's health gate is judged.
struct GatePolicy {
  engine::Healthcheck check;
  base::Milliseconds timeout{120'000};  ///< from the start of the gate until it must be open
  int consecutive = 1;                  ///< successes in a row that open it
  bool from_image = false;              ///< the check stands in the image, its words are not known here
  auto operator<=>(const GatePolicy&) const = default;
};

enum class Health { undecided, healthy, unhealthy, late };

/// The schedule and the verdict of one gate, without clock or engine: fed with what each probe said and when.
///
/// Probes come faster than `interval`: after 10, 100, 250, 500, 500 ms ..., never slower than `interval`
/// allows. A success counts whenever it comes. A failure counts once per `interval` and not within
/// `start_period`, so that the fast schedule condemns no service earlier than the engine's own would:
/// unhealthy after `retries` counted failures in a row.
class GateJudge {
 public:
  explicit GateJudge(const GatePolicy& policy) : policy_(policy) {}

  /// The pause before the next probe.
  base::Milliseconds next_pause() const;
  /// Takes the result of a probe that ended `since_start` after the gate began.
  Health record(bool passed, base::Milliseconds since_start);
  int probes() const { return probes_; }

 private:
  const GatePolicy& policy_;
  int probes_ = 0;
  int successes_ = 0;
  int counted_failures_ = 0;
  std::optional<base::Milliseconds> last_counted_ = {};
};

/// The time until a gate must be open when nobody set one: all that the file's own schedule allows, and a
/// margin.
base::Milliseconds patience(const engine::Healthcheck& check);

/// What a gate came to.
struct GateResult {
  Health health = Health::undecided;
  int probes = 0;
  base::Milliseconds took{0};
  std::string output;                           ///< of the last probe
  std::optional<engine::Container> ended = {};  ///< the container, when it ended meanwhile
};

/// Probes a running container until its gate is decided (`GET /libpod/containers/{name}/healthcheck`). Says
/// in `waiting` events of `subject` what the last probe answered, when that changes. Throws Interrupted on
/// stop, EngineError when the engine is gone.
GateResult wait_healthy(engine::Engine& engine, const std::string& container, const GatePolicy& policy,
                        const std::string& subject, const base::Clock& clock, const base::EventSink& sink,
                        const std::stop_token& stop);

}  // namespace fresh::compose
