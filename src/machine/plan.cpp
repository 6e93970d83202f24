#include "machine/plan.h"

#include <fmt/core.h>

#include <filesystem>
#include <string_view>

namespace fresh::machine {
namespace {

std::string subject(const MachineSpec& spec) {
  return "machine:" + spec.name;
}

/// `stable`, `testing`, `next` name streams of podman's own image; anything with a folder or an extension is
/// a file.
bool is_image_file(const std::string& image) {
  return image.find_first_of("/.") != std::string::npos;
}

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

const ObservedMachine* other_with_image(const ObservedMachines& observed, const std::string& name,
                                        const std::string& image_name) {
  for (const auto& machine : observed.machines) {
    if (machine.name != name && file_name(machine.image_path) == image_name) {
      return &machine;
    }
  }
  return nullptr;
}

Step init_step(const MachineSpec& spec) {
  // The time zone must be given: podman's default asks timedatectl, and where that fails leaves half a
  // machine.
  Step step{
      .verb = "init",
      .subject = subject(spec),
      .cause = "does not exist",
      .arguments = {"machine", "init", "--timezone", "UTC", "--cpus", fmt::format("{}", spec.wanted.cpus),
                    "--memory", fmt::format("{}", spec.wanted.memory_mb), "--disk-size",
                    fmt::format("{}", spec.wanted.disk_gb)}};
  if (!spec.image.empty()) {
    step.arguments.insert(step.arguments.end(), {"--image-path", spec.image});
  }
  if (spec.rootful) {
    step.arguments.emplace_back("--rootful");
  }
  step.arguments.push_back(spec.name);
  return step;
}

/// The flags of `set` for what differs, and the cause in words; both empty when nothing does.
struct Change {
  std::vector<std::string> flags;
  std::string cause;

  void add(std::string_view name, std::string_view flag, int found, int wanted) {
    if (found != wanted) {
      cause += fmt::format("{}{} {} -> {}", cause.empty() ? "" : ", ", name, found, wanted);
      flags.insert(flags.end(), {std::string(flag), fmt::format("{}", wanted)});
    }
  }
};

void plan_set(const MachineSpec& spec, const ObservedMachine& machine, Plan& plan) {
  Change change;
  change.add("cpus", "--cpus", machine.resources.cpus, spec.wanted.cpus);
  change.add("memory", "--memory", machine.resources.memory_mb, spec.wanted.memory_mb);
  change.add("disk", "--disk-size", machine.resources.disk_gb, spec.wanted.disk_gb);
  if (change.flags.empty()) {
    return;
  }
  if (machine.running) {
    plan.steps.push_back({.verb = "stop",
                          .subject = subject(spec),
                          .cause = "can only be set while it is stopped",
                          .arguments = {"machine", "stop", spec.name}});
  }
  Step set{.verb = "set", .subject = subject(spec), .cause = change.cause, .arguments = {"machine", "set"}};
  set.arguments.insert(set.arguments.end(), change.flags.begin(), change.flags.end());
  set.arguments.push_back(spec.name);
  plan.steps.push_back(std::move(set));
}

/// Fills the refusal of what no command can mend.
void refuse_existing(const MachineSpec& spec, const ObservedMachine& machine,
                     const ObservedMachines& observed, Plan& plan) {
  const ObservedMachine* twin = machine.image_path.empty()
                                    ? nullptr
                                    : other_with_image(observed, spec.name, file_name(machine.image_path));
  if (machine.half_made) {
    plan.refusal =
        fmt::format("machine '{}' was only half made: its disk or ignition file is missing", spec.name);
    plan.remedy = fmt::format("remove it with 'podman machine rm -f {}' and run again", spec.name);
  } else if (twin != nullptr && twin->image_path == machine.image_path) {
    plan.refusal =
        fmt::format("machines '{}' and '{}' share the disk '{}'", spec.name, twin->name, twin->image_path);
    plan.remedy = "remove one of them; the removal takes the disk away, so make the other one again too";
  } else if (machine.starting && !machine.running) {
    plan.refusal = fmt::format("machine '{}' is being started by somebody else", spec.name);
    plan.remedy = "wait until 'podman machine list' shows it running and run again";
  } else if (machine.resources.disk_gb > spec.wanted.disk_gb) {
    plan.refusal = fmt::format("machine '{}' has a disk of {} GiB, expected {}: a disk cannot shrink",
                               spec.name, machine.resources.disk_gb, spec.wanted.disk_gb);
    plan.remedy =
        fmt::format("set disk_gb to {}, or remove the machine with 'podman machine rm {}' to make it anew",
                    machine.resources.disk_gb, spec.name);
  }
}

void note_stale_connections(const ObservedMachines& observed, Plan& plan) {
  for (const auto& connection : observed.connections) {
    const std::string_view name(connection.name);
    constexpr std::string_view root_suffix = "-root";
    const bool is_root =
        name.size() > root_suffix.size() && name.substr(name.size() - root_suffix.size()) == root_suffix;
    const auto machine = is_root ? name.substr(0, name.size() - root_suffix.size()) : name;
    if (connection.uri.find("@localhost:") != std::string::npos && observed.find(name) == nullptr &&
        observed.find(machine) == nullptr) {
      plan.notes.push_back(fmt::format("podman keeps the connection '{}' of a machine that is gone", name));
    }
  }
}

}  // namespace

Plan plan(const MachineSpec& spec, const ObservedMachines& observed) {
  Plan plan;
  note_stale_connections(observed, plan);
  const ObservedMachine* machine = observed.find(spec.name);
  if (machine == nullptr) {
    const ObservedMachine* other =
        is_image_file(spec.image) ? other_with_image(observed, spec.name, file_name(spec.image)) : nullptr;
    if (other != nullptr) {
      plan.refusal =
          fmt::format("machine '{}' already uses a disk image named '{}', podman would give both one disk",
                      other->name, file_name(spec.image));
      plan.remedy = "give the image of this machine a file name of its own";
      return plan;
    }
    plan.steps.push_back(init_step(spec));
  } else {
    refuse_existing(spec, *machine, observed, plan);
    if (!plan.refusal.empty()) {
      return plan;
    }
    plan_set(spec, *machine, plan);
  }
  if (machine == nullptr || !machine->running || !plan.steps.empty()) {
    plan.steps.push_back(
        {.verb = "start",
         .subject = subject(spec),
         .cause = plan.steps.empty() ? "is stopped" : fmt::format("after {}", plan.steps.back().verb),
         .arguments = {"machine", "start", spec.name}});
  }
  return plan;
}

std::string to_string(const Plan& plan) {
  std::string text;
  for (const auto& step : plan.steps) {
    text += fmt::format("{} {} ({})\n", step.verb, step.subject, step.cause);
  }
  if (!plan.refusal.empty()) {
    text += fmt::format("refused: {}\n", plan.refusal);
  }
  return text;
}

}  // namespace fresh::machine
