#pragma once

#include "compose/health.h"
#include "compose/observe.h"
#include "compose/spec.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace fresh::compose {

enum class Verb { pull, create, inject, rename, prepare, start, hook, probe, wait, stop, remove };

/// `create`, `start`, ...
std::string_view shown(Verb verb);

/// A file to put into a container before it starts.
struct InjectedFile {
  std::string path;  ///< absolute in the container
  std::string bytes;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t mode = 0444;
};

// What a step asks the engine for: one call each. Containers are named, never given by id, so that a plan is
// the same from run to run.
struct Inject {
  std::string container;
  std::string folder;  ///< where the archive is unpacked; all files lie below it
  std::vector<InjectedFile> files;
};
/// Gives a container that was made under an interim name (succession.h) its own.
struct Rename {
  std::string container;
  std::string name;
};
/// What the engine can do of a start before the start's turn comes.
struct Prepare {
  std::string container;
};
struct Start {
  std::string container;
  bool arm_exit = false;  ///< a later step waits for the exit: arm that wait first
};
/// A command of the file that runs in the container, after its start or before its stop.
struct RunHook {
  std::string container;
  engine::ExecRequest command;
  bool must_succeed = true;  ///< false: a failure is said and the work goes on
};
struct Probe {
  std::string container;
  GatePolicy policy;
};
struct WaitExit {
  std::string container;
  std::chrono::milliseconds timeout;
};
struct Stop {
  std::string container;
  std::optional<std::chrono::seconds> grace;
};
struct RemoveContainer {
  std::string container;
  bool volumes = false;  ///< its anonymous ones
  /// The container that gets its anonymous volumes on these paths, by the name under which it is created:
  /// what this one wrote there outlives it.
  std::string successor = {};
  std::set<std::string> handed_on = {};
  std::string unseen_image =
      {};  ///< its successor's, when it is to be pulled: its VOLUMEs are handed on, too
};
struct RemoveNetwork {
  std::string name;
};
struct RemoveVolume {
  std::string name;
  bool unless_used = false;  ///< one that another container uses stays
};

using Request = std::variant<engine::PullRequest, engine::NetworkSpec, engine::VolumeSpec,
                             engine::ContainerSpec, Inject, Rename, Prepare, Start, RunHook, Probe, WaitExit,
                             Stop, RemoveContainer, RemoveNetwork, RemoveVolume>;

struct Step {
  Verb verb = Verb::create;
  std::string subject;             ///< `service:db:1`, `network:shop_default`, `volume:...`, `image:...`
  std::string cause;               ///< `does not exist`, `configuration changed`
  std::vector<std::size_t> after;  ///< earlier steps of the plan that must have ended, sorted
  Request request;
  std::string service = {};  ///< the service that it is for; empty for networks and volumes
};

/// Steps in an order in which they could run one by one; `notes` say what was seen and left alone.
struct Plan {
  std::vector<Step> steps;
  std::vector<std::string> notes;

  bool empty() const { return steps.empty(); }
};

/// What may be set for one service's gate beyond its healthcheck.
struct GateSetting {
  std::chrono::milliseconds timeout{0};  ///< 0: what the healthcheck's own schedule allows
  int consecutive = 1;
};

/// When a container that exists is made anew.
enum class Recreate {
  changed,  ///< its declaration, image, secrets or configs are no longer those it was made of
  always,
  never,
};

struct PlanOptions {
  std::vector<std::string> services = {};  ///< empty: all; else these and what they depend on
  std::map<std::string, GateSetting> gates = {};
  bool dependencies = true;               ///< false: only the named services
  Recreate recreate = Recreate::changed;  ///< of the named services
  bool recreate_dependencies = false;     ///< also what they depend on, changed or not
  bool create = true;                     ///< false: only containers that exist are looked at
  bool start = true;                      ///< false: containers are made and left
  bool renew_volumes = false;             ///< anonymous volumes are not handed on
  bool restart = false;                   ///< stops first what runs; dependents with `restart: true` too
  bool remove_orphans = false;
  std::optional<std::chrono::seconds> grace = {};            ///< of every stop; none: each container's own
  std::optional<std::chrono::milliseconds> gate_limit = {};  ///< no gate may take longer
  std::chrono::milliseconds completion_timeout{600'000};     ///< for dependencies that must complete
};

/// What makes the engine hold the project as declared (pure). Empty when it does: every container runs with
/// the same configuration hash and image, or is a one-shot that ended with 0. Throws base::Error: `deploy`
/// for an image that is neither there nor to be pulled, `precheck` for a healthy-condition on a service
/// without healthcheck.
Plan plan(const Project& project, const Observed& observed, const PlanOptions& options);

struct DownOptions {
  bool volumes = false;
  bool remove = true;                      ///< false: containers are stopped, nothing is removed
  bool anonymous_volumes = true;           ///< of the containers that go
  std::vector<std::string> services = {};  ///< only their containers, no networks; empty: everything
  std::map<std::string, std::vector<engine::ExecRequest>> pre_stop = {};  ///< hooks by service
  std::optional<std::chrono::seconds> grace = {};                         ///< none: each container's own
};

/// What stops or removes all that was observed: containers in reverse order of the dependencies their labels
/// tell, then networks, then volumes when asked. Needs no compose file.
Plan plan_down(const Observed& observed, const DownOptions& options);

/// One line a step: `3 start service:web:1 (is created) after 1 2`; numbers count from 1. Then the notes.
std::string to_text(const Plan& plan);
/// `{"steps": [{"id", "verb", "subject", "cause", "after"}], "notes": []}`, ids as in the text.
std::string to_json(const Plan& plan);

}  // namespace fresh::compose
