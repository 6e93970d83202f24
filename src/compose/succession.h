#pragma once

#include "compose/decide.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// The name of a container until the one whose place it takes is gone: `shop-web-1.next`.
std::string interim_name(const std::string& name);

/// Whether a container was made to take another one's place, and never got its name nor was started.
bool is_half_made(const engine::Container& container);

/// Takes the containers out that are half made while the one whose place they are to take is there.
void leave_out_half_made(std::vector<engine::Container>& containers);

/// Whether a container that is made anew is created before the old one goes, so that a refused creation
/// leaves the old one at work and its anonymous volumes always have an owner. Not so for one on a network
/// that is itself made anew, which cannot go while the old one is on it, nor for one in the namespaces of
/// another service, whose container cannot go while the old one lives in them, nor for one whose secrets or
/// configs lie in a volume, where the old one would see the new ones.
bool is_made_first(const Project& project, const Service& service, const Decision& decision,
                   const Decisions& decisions);

}  // namespace fresh::compose
