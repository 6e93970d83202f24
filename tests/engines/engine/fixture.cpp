#include "engines/engine/fixture.h"

#include "base/file.h"
#include "engine/socket_engine.h"
#include "source/docker_archive.h"
#include "source/tar_writer.h"
#include "support/real_engines.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace fresh::test {
namespace {

constexpr const char* busybox = "/bin/busybox";

void write_root(const std::filesystem::path& path) {
  if (!std::filesystem::exists(busybox)) {
    throw std::runtime_error(
        "'/bin/busybox' is missing; run: apt-get install -y --no-install-recommends busybox-static");
  }
  source::OutputFile file(path);
  source::TarWriter tar([&](std::string_view bytes) { file.write(bytes); }, 0);
  tar.folder("bin", 0755);
  tar.file_from("bin/busybox", 0755, busybox);
  for (const char* tool :
       {"sh",   "cat", "echo", "sleep", "true",  "false",    "seq", "printf", "wc",       "id",  "ls", "env",
        "head", "tr",  "test", "mkdir", "chmod", "nslookup", "nc",  "touch",  "hostname", "grep"}) {
    tar.link(std::string("bin/") + tool, "busybox");
  }
  tar.folder("etc", 0755);
  tar.file("etc/passwd", 0644, "root:x:0:0:root:/:/bin/sh\nann:x:1000:1000:ann:/:/bin/sh\n");
  tar.file("etc/group", 0644, "root:x:0:\nann:x:1000:\n");
  tar.folder("tmp", 01777);
  tar.finish();
  file.close();
}

}  // namespace

void EngineTest::SetUp() {
  engine::Endpoint endpoint;
  endpoint.path = RealEngine::shared().socket();
  engine_ = engine::connect({endpoint, "test", "the test's own"}, call);
  if (!engine_->find_image(image, call)) {
    const base::TemporaryFolder folder;
    write_root(folder.path() / "root.tar");
    source::OutputFile archive(folder.path() / "image.tar");
    source::write_docker_archive(
        {.name = image, .root = folder.path() / "root.tar", .architecture = "amd64", .command = {"/bin/sh"}},
        [&](std::string_view bytes) { archive.write(bytes); });
    archive.close();
    ASSERT_EQ(engine_->load_image((folder.path() / "image.tar").string(), call),
              std::vector<std::string>{image});
  }
}

void EngineTest::TearDown() {
  if (!engine_) {
    return;
  }
  for (const auto& container : engine_->list_containers({labels(), true}, call)) {
    engine_->remove_container(container.id.hex, true, call);
  }
  for (const auto& network : engine_->list_networks(labels(), call)) {
    engine_->remove_network(network.name, call);
  }
  for (const auto& volume : engine_->list_volumes(labels(), call)) {
    engine_->remove_volume(volume.name, call);
  }
}

std::string EngineTest::name(const std::string& suffix) const {
  std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  std::transform(test.begin(), test.end(), test.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return fmt::format("ft-{}-{}", test, suffix);
}

engine::Labels EngineTest::labels() const {
  return {{"fresh.test", name("x")}};
}

engine::ContainerSpec EngineTest::shell(const std::string& suffix, const std::string& script) const {
  engine::ContainerSpec spec;
  spec.name = name(suffix);
  spec.image = image;
  spec.command = {"sh", "-c", script};
  spec.labels = labels();
  spec.network_mode = "none";
  spec.stop_timeout = std::chrono::seconds(1);
  return spec;
}

int EngineTest::run(const engine::ContainerSpec& spec) {
  engine_->create_container(spec, call);
  const auto exit = engine_->arm_exit(spec.name, call);
  engine_->start_container(spec.name, call);
  return exit->wait(call);
}

std::string EngineTest::output_of(const std::string& container) {
  std::string output;
  engine_->logs(
      container, {}, [&](engine::Stream, std::string_view bytes) { output += bytes; }, call);
  return output;
}

std::string tar_of(const std::string& path, const std::string& content, unsigned mode) {
  std::string archive;
  source::TarWriter tar([&](std::string_view bytes) { archive += bytes; }, 0);
  tar.file(path, mode, content);
  tar.finish();
  return archive;
}

}  // namespace fresh::test
