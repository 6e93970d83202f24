#pragma once

#include "compose/plan.h"

#include <cstddef>
#include <functional>
#include <stop_token>

namespace fresh::compose {

/// Does one step; called from several threads.
using DoStep = std::function<void(const Step& step, const std::stop_token& stop)>;

/// True for steps that wait for a program: for its health, or its end.
bool is_wait(const Step& step);

/// True for steps that take no place among the parallel ones: those that wait for a program (for its health,
/// its end, or its leave-taking, which may last as long as its grace period), and removals, in which engines
/// mostly wait, too.
bool needs_no_place(const Step& step);

/// Calls `act` for every step of the plan, each after all of its `after` have returned, at most
/// `max_parallel` of those that need a place at a time. Of those that make containers whose start has to wait
/// for a program anyway there is one at a time: they leave the processors to what others wait for. After the
/// first exception nothing new begins, running ones are asked to stop, and it is rethrown.
void walk(const Plan& plan, std::size_t max_parallel, const std::stop_token& stop, const DoStep& act);

}  // namespace fresh::compose
