#pragma once

#include "cli/verb_options.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace fresh::cli {

/// What the options write into, before it is known which verb was meant.
struct StackVerbs::Draft {
  pipeline::UpRequest up;
  pipeline::AttachRequest attach;
  bool detach = false;
  bool dry_run = false;
  bool no_colour = false;
  bool force_recreate = false;
  bool no_recreate = false;
  bool no_start = false;
  bool no_dependencies = false;
  bool accepted = false;  ///< what is always so here, or has no meaning: taken for habit
  std::vector<std::string> scale;
  int timeout = -1;
  int wait_timeout = -1;
  pipeline::DownRequest down;
  ContainerVerb containers;
  LookVerb look;
  std::string format;
  std::vector<std::string> filters;
  int port = 0;
  LogsVerb logs;
  std::string tail;
  bool no_prefix = false;
  std::string since;
  std::string until;
  TalkVerb talk;
  std::vector<std::string> environment;
  std::vector<std::string> labels;
  std::string entrypoint;
  CLI::Option* entrypoint_given = nullptr;
  CopyVerb copy;
  ServiceImagesVerb images;
  bool no_cache = false;
  std::vector<std::string> build_arguments;
};

/// An option that may be given several times, one value each.
inline CLI::Option* repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                             const std::string& text) {
  return app.add_option(name, values, text)->take_all()->allow_extra_args(false);
}

}  // namespace fresh::cli
