#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "source/docker_archive.h"
#include "source/tar_reader.h"
#include "source/tar_writer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fresh::source {
namespace {

std::string tar_of(const std::function<void(TarWriter&)>& fill) {
  std::string bytes;
  TarWriter tar([&](std::string_view block) { bytes += block; }, 0);
  fill(tar);
  tar.finish();
  return bytes;
}

TEST(TarWriter, is_whole_blocks_and_ends_with_two_empty_ones) {
  const std::string bytes = tar_of([](TarWriter& tar) { tar.file("a", 0644, "hello"); });
  ASSERT_EQ(bytes.size(), 4U * 512U);
  EXPECT_EQ(bytes.substr(257, 8), std::string("ustar\00000", 8));
  EXPECT_EQ(bytes.substr(512, 5), "hello");
  EXPECT_EQ(bytes.substr(1024), std::string(1024, '\0'));
}

TEST(TarWriter, a_file_that_shrinks_meanwhile_is_refused) {
  const base::TemporaryFolder folder;
  const auto path = folder.path() / "growing";
  base::write_file_atomic(path, "12345");
  TarWriter tar([&](std::string_view) { base::write_file_atomic(path, ""); }, 0);
  EXPECT_THROW(tar.file_from("growing", 0644, path), base::Error);
}

TEST(TarReader, refuses_what_is_no_archive_and_what_is_cut) {
  const base::TemporaryFolder folder;
  const auto path = folder.path() / "x.tar";
  base::write_file_atomic(path, "this is no archive, but text that is long enough to look at");
  const auto drop = [](const TarEntry&) -> ByteSink { return [](std::string_view) {}; };
  EXPECT_THROW(read_tar(path, drop), base::Error);
  const std::string whole = tar_of([](TarWriter& tar) { tar.file("a", 0644, std::string(5000, 'x')); });
  base::write_file_atomic(path, whole.substr(0, 2000));
  EXPECT_THROW(read_tar(path, drop), base::Error);
}

TEST(TarReader, tells_links_from_files) {
  const base::TemporaryFolder folder;
  const auto path = folder.path() / "x.tar";
  base::write_file_atomic(path, tar_of([](TarWriter& tar) {
                            tar.link("l", "/etc/passwd");
                            tar.folder("d", 0755);
                          }));
  std::vector<std::pair<std::string, EntryType>> found;
  read_tar(path, [&](const TarEntry& entry) -> ByteSink {
    found.emplace_back(entry.path, entry.type);
    return {};
  });
  EXPECT_EQ(found, (std::vector<std::pair<std::string, EntryType>>{{"l", EntryType::link},
                                                                   {"d/", EntryType::folder}}));
}

TEST(SafePath, cleans_or_refuses) {
  EXPECT_EQ(safe_path("./a//b/"), "a/b");
  EXPECT_EQ(safe_path("./"), "");
  EXPECT_EQ(safe_path("..a/b.."), "..a/b..");
  EXPECT_THROW(safe_path("/etc/passwd"), base::Error);
  EXPECT_THROW(safe_path("a/../../b"), base::Error);
  EXPECT_THROW(safe_path("a\nb"), base::Error);
}

class DockerArchive : public testing::Test {
 protected:
  DockerArchive() {
    base::write_file_atomic(root(), tar_of([](TarWriter& tar) { tar.file("bin/sh", 0755, "#!"); }));
  }

  std::filesystem::path root() const { return folder_.path() / "root.tar"; }
  ArchivedImage image() const {
    return {.name = "localhost/x:1",
            .root = root(),
            .architecture = "amd64",
            .labels = {{"a", "b"}},
            .command = {"/bin/sh"}};
  }
  std::pair<std::string, std::string> archive(const ArchivedImage& image) const {
    std::string bytes;
    const std::string id = write_docker_archive(image, [&](std::string_view block) { bytes += block; });
    return {id, bytes};
  }

  base::TemporaryFolder folder_;
};

TEST_F(DockerArchive, twice_the_same_bytes_and_id) {
  EXPECT_EQ(archive(image()), archive(image()));
}

TEST_F(DockerArchive, the_id_is_the_digest_of_the_config_and_the_layer_is_untouched) {
  const auto [id, bytes] = archive(image());
  const auto path = folder_.path() / "image.tar";
  base::write_file_atomic(path, bytes);
  std::map<std::string, std::string> found;
  read_tar(path, [&](const TarEntry& entry) -> ByteSink {
    return [&text = found[entry.path]](std::string_view block) { text += block; };
  });
  const std::string layer = base::sha256_file(root());
  EXPECT_EQ(base::sha256_hex(found.at(id + ".json")), id);
  EXPECT_EQ(base::sha256_hex(found.at(layer + "/layer.tar")), layer);
  const auto manifest = nlohmann::json::parse(found.at("manifest.json"));
  EXPECT_EQ(manifest[0]["RepoTags"], nlohmann::json::array({"localhost/x:1"}));
  EXPECT_EQ(manifest[0]["Config"], id + ".json");
  const auto config = nlohmann::json::parse(found.at(id + ".json"));
  EXPECT_EQ(config["rootfs"]["diff_ids"], nlohmann::json::array({"sha256:" + layer}));
  EXPECT_EQ(config["created"], "1970-01-01T00:00:00Z");
}

TEST_F(DockerArchive, the_id_follows_labels_but_not_the_name) {
  ArchivedImage other = image();
  other.name = "localhost/y:1";
  EXPECT_EQ(archive(other).first, archive(image()).first);
  other.labels["a"] = "c";
  EXPECT_NE(archive(other).first, archive(image()).first);
}

}  // namespace
}  // namespace fresh::source
