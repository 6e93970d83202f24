#pragma once

#include "compose/decide.h"

#include <string>

namespace fresh::compose {

/// The name of a container until the one whose place it takes is gone: `shop-web-1.next`.
std::string interim_name(const std::string& name);

/// Whether a container that is made anew is created before the old one goes, so that a refused creation
/// leaves the old one at work and its anonymous volumes always have an owner. Not so for one on a network
/// that is itself made anew, which cannot go while the old one is on it, nor for one in the namespaces of
/// another service, whose container cannot go while the old one lives in them.
bool is_made_first(const Service& service, const Decision& decision, const Decisions& decisions);

}  // namespace fresh::compose
