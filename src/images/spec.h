#pragma once

#include "document/node.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fresh::images {

/// An image made from Debian packages alone.
struct BaseSource {
  std::string suite;                  ///< `bookworm`
  std::string variant = "minbase";    ///< a variant of mmdebstrap
  std::vector<std::string> packages;  ///< sorted, each once
  std::string lock;                   ///< the packages lock, relative to the project; need not exist
};

/// The declared command that brings the inputs of a build: the only step with a network.
struct FetchStep {
  std::string image;
  std::vector<std::string> command;
  std::chrono::milliseconds timeout = std::chrono::minutes(20);
};

/// An image built from a folder, on another image of the list, with the network off.
struct BuildSource {
  std::string from;
  std::string folder;      ///< relative to the project
  std::string dockerfile;  ///< relative to the folder
  std::string lock;        ///< the inputs lock, relative to the project; empty without a fetch
  std::optional<FetchStep> fetch;
  std::map<std::string, std::string> arguments;
};

enum class PullPolicy { missing, always, never };

/// An image that a registry serves.
struct PullSource {
  PullPolicy policy = PullPolicy::missing;
  std::string digest;         ///< `sha256:...`, empty when only the tag is given
  std::string user_variable;  ///< names of environment variables, never values
  std::string password_variable;
  bool verify_tls = true;
  std::string platform;
};

/// One image of the project, as fresh-clone.yaml declares it.
struct ImageSpec {
  std::string name;  ///< with tag
  std::variant<BaseSource, BuildSource, PullSource> source;
  document::Place place;
};

/// The last part of an image's name, without tag: `python` for `localhost/fresh-clone/python:1`.
std::string short_name(const std::string& name);

}  // namespace fresh::images
