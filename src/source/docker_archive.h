#pragma once

#include "source/output_file.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fresh::source {

/// An image of one layer. Everything that ends in its config, and so in its id, is given here.
struct ArchivedImage {
  std::string name;            ///< with tag
  std::filesystem::path root;  ///< the layer: a tar archive of the root file system, taken byte by byte
  std::string architecture;    ///< `amd64`, `arm64`
  std::map<std::string, std::string> labels = {};
  std::vector<std::string> environment = {};
  std::vector<std::string> command = {};
  std::string comment = {};  ///< what the history says
};

/// Writes an image as a docker-archive (`manifest.json`, config, layer), created at the epoch, so that
/// loading it gives the same id on Podman and on Docker. Returns that id: sha256 of the config, 64 hex
/// digits. Streams.
std::string write_docker_archive(const ArchivedImage& image, const ByteSink& sink);

}  // namespace fresh::source
