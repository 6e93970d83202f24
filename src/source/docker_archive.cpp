#include "source/docker_archive.h"

#include "base/sha256.h"
#include "source/tar_writer.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace fresh::source {
namespace {

constexpr const char* epoch = "1970-01-01T00:00:00Z";
constexpr unsigned plain_mode = 0644;

}  // namespace

std::string write_docker_archive(const ArchivedImage& image, const ByteSink& sink) {
  const std::string layer = base::sha256_file(image.root);
  const nlohmann::json config = {
      {"architecture", image.architecture},
      {"config", {{"Cmd", image.command}, {"Env", image.environment}, {"Labels", image.labels}}},
      {"created", epoch},
      {"history", {{{"created", epoch}, {"created_by", image.comment}}}},
      {"os", "linux"},
      {"rootfs", {{"diff_ids", {fmt::format("sha256:{}", layer)}}, {"type", "layers"}}},
  };
  const std::string config_text = config.dump();
  const std::string id = base::sha256_hex(config_text);
  const nlohmann::json manifest = {{
      {"Config", fmt::format("{}.json", id)},
      {"Layers", {fmt::format("{}/layer.tar", layer)}},
      {"RepoTags", {image.name}},
  }};

  TarWriter tar(sink, 0);
  tar.file("manifest.json", plain_mode, manifest.dump());
  tar.file(fmt::format("{}.json", id), plain_mode, config_text);
  tar.folder(layer, 0755);
  tar.file_from(fmt::format("{}/layer.tar", layer), plain_mode, image.root);
  tar.finish();
  return id;
}

}  // namespace fresh::source
