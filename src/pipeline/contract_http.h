#pragma once

#include "engine/engine.h"
#include "pipeline/contract.h"

#include <optional>
#include <string>

namespace fresh::pipeline {

/// An answer of an endpoint; `error` when there was none.
struct HttpAnswer {
  int status = 0;
  std::string body = {};
  std::string error = {};
};

/// Asks as the contract says. A `url` is asked from this machine. A `port` is asked through the port that the
/// service publishes to this machine, which needs nothing in the image and is what users reach; of a service
/// that publishes none from inside the container, by python3 or curl of its image: no address of a container
/// can be reached from outside on a rootless engine.
HttpAnswer ask_http(const HttpContract& contract, const engine::Container& container, engine::Engine& engine,
                    const engine::Call& call);

/// What the contract expects of the answer, and what was found instead; nothing when it holds (pure).
struct HttpMismatch {
  std::string expected;
  std::string found;
};
std::optional<HttpMismatch> judge_http(const HttpContract& contract, const HttpAnswer& answer);

}  // namespace fresh::pipeline
