#pragma once

#include "compose/plan.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace fresh::compose {

/// Indices of steps in a plan.
using Indices = std::vector<std::size_t>;

/// The steps of a plan that is being made, each after those that are already there.
class StepList {
 public:
  /// Returns the index of the new step; `after` may name a step twice and in any order.
  std::size_t add(Verb verb, std::string subject, std::string cause, Indices after, Request request,
                  std::string service = {}) {
    std::sort(after.begin(), after.end());
    after.erase(std::unique(after.begin(), after.end()), after.end());
    steps_.push_back({.verb = verb,
                      .subject = std::move(subject),
                      .cause = std::move(cause),
                      .after = std::move(after),
                      .request = std::move(request),
                      .service = std::move(service)});
    return steps_.size() - 1;
  }

  const Step& at(std::size_t index) const { return steps_.at(index); }

  std::vector<Step> take() { return std::move(steps_); }

 private:
  std::vector<Step> steps_;
};

}  // namespace fresh::compose
