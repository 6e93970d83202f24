#pragma once

#include "base/clock.h"
#include "engine/types.h"

#include <chrono>
#include <optional>
#include <string>

/// Times of containers as the engines' own tools tell them (docker's go-units and container state).
namespace fresh::cli {

/// The moment that RFC 3339 text tells; nothing for other text.
std::optional<std::chrono::sys_seconds> moment_of(const std::string& text);

/// `2026-01-31 12:00:00 +0000 UTC`.
std::string shown_moment(std::chrono::sys_seconds moment);

/// `3 minutes`, `About an hour`, `2 weeks`.
std::string shown_span(std::chrono::seconds span);

/// `Up 3 minutes (healthy)`, `Exited (0) 2 hours ago`, `Created`.
std::string shown_status(const engine::Container& container, std::chrono::sys_seconds now);

}  // namespace fresh::cli
