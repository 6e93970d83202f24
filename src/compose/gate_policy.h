#pragma once

#include "compose/plan.h"

namespace fresh::compose {

/// Whether a service proves its health before others go on: by its own healthcheck, or by that of its image.
/// An image that is yet to be pulled is null: whether it has a check is not known, so a service that others
/// wait for (`awaited`) must prove it.
bool has_gate(const Service& service, const engine::Image* image, bool awaited);

/// How its gate is judged: its healthcheck, with what the options say about this service and about all.
GatePolicy gate_policy(const Service& service, const PlanOptions& options);

/// base::Error (precheck) about a service that waits for the health of one that has no gate.
[[noreturn]] void refuse_without_gate(const std::string& dependent, const std::string& service);

}  // namespace fresh::compose
