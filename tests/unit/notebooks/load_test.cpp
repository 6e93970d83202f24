#include "notebooks/load.h"

#include "base/error.h"
#include "base/file.h"
#include "document/load_yaml.h"
#include "notebooks/discover.h"

#include <gtest/gtest.h>

namespace fresh::notebooks {
namespace {

class LoadTest : public testing::Test {
 protected:
  LoadTest() {
    write("notebooks/b.ipynb", notebook);
    write("notebooks/deep/a.ipynb", notebook);
    write("notebooks/.ipynb_checkpoints/a-checkpoint.ipynb", notebook);
    write("notebooks/data.csv", "x");
  }
  void write(const std::string& path, const std::string& text) {
    base::write_file_atomic(folder_.path() / path, text);
  }
  NotebooksSpec loaded(const std::string& yaml) {
    return load(document::load_yaml(yaml, "fresh-clone.yaml"), folder_.path());
  }
  std::string refusal(const std::string& yaml) {
    try {
      loaded(yaml);
    } catch (const base::Error& error) {
      return error.message();
    }
    return "accepted";
  }
  std::string discover_refusal() {
    try {
      discover({.image = "x", .paths = {"notebooks"}}, folder_.path());
    } catch (const base::Error& error) {
      return error.message();
    }
    return "accepted";
  }

  static constexpr const char* notebook =
      R"({"nbformat":4,"metadata":{"kernelspec":{"name":"my-env"}},"cells":[
      {"cell_type":"code","source":"1","outputs":[]},{"cell_type":"markdown","source":"x"}]})";
  base::TemporaryFolder folder_;
};

TEST_F(LoadTest, reads_what_is_said_and_fills_in_the_rest) {
  const NotebooksSpec spec = loaded(
      "{image: localhost/r:1, paths: [notebooks/], network: nb, timeout: 90, jobs: 3, memory: 512m, env: {A: "
      "b},"
      " requires: [pydantic], reach: ['janusgraph:8182']}");
  EXPECT_EQ(spec.paths, std::vector<std::string>{"notebooks"});
  EXPECT_EQ(spec.timeout, std::chrono::seconds(90));
  EXPECT_EQ(spec.cell_timeout, std::chrono::seconds(90));
  EXPECT_EQ(spec.memory, 512 << 20);
  EXPECT_EQ(spec.user, "1000:1000");
  EXPECT_EQ(spec.reach, std::vector<std::string>{"janusgraph:8182"});
}

TEST_F(LoadTest, refuses_with_the_place) {
  EXPECT_NE(refusal("{image: x, paths: [nowhere]}").find("fresh-clone.yaml:1:"), std::string::npos);
  EXPECT_NE(refusal("{image: x, paths: [nowhere]}").find("'nowhere' does not exist"), std::string::npos);
  EXPECT_NE(refusal("{image: x, paths: [../up]}").find("inside the project"), std::string::npos);
  EXPECT_NE(refusal("{image: x, paths: [/etc]}").find("inside the project"), std::string::npos);
  EXPECT_NE(refusal("{image: x}").find("needs 'paths'"), std::string::npos);
  EXPECT_NE(refusal("{image: x, paths: [notebooks], jobs: 0}").find("'jobs' is 0, expected 1 to 64"),
            std::string::npos);
  EXPECT_NE(refusal("{image: x, paths: [notebooks], memory: much}").find("'memory' takes a size"),
            std::string::npos);
  EXPECT_NE(refusal("{image: x, paths: [notebooks], reach: [db]}").find("'reach' takes host:port"),
            std::string::npos);
  EXPECT_NE(refusal("{image: x, paths: [notebooks], timeout: 0}").find("must be more than 0"),
            std::string::npos);
  EXPECT_NE(refusal("{image: x, paths: [notebooks], tiemout: 5}").find("'tiemout'"), std::string::npos);
}

TEST_F(LoadTest, discovers_sorted_without_checkpoints) {
  const auto found = discover({.image = "x", .paths = {"notebooks", "notebooks/b.ipynb"}}, folder_.path());
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].path, "notebooks/b.ipynb");
  EXPECT_EQ(found[1].path, "notebooks/deep/a.ipynb");
  EXPECT_EQ(found[0].cells, 1);
  EXPECT_EQ(found[0].kernel, "my-env");
}

TEST_F(LoadTest, reads_a_notebooks_own_wishes) {
  write("notebooks/b.ipynb",
        R"({"nbformat":4,"metadata":{"fresh_clone":{"services":["vault"],"timeout":"2m"}},"cells":[]})");
  const auto found = discover({.image = "x", .paths = {"notebooks/b.ipynb"}}, folder_.path());
  EXPECT_EQ(found[0].services, std::vector<std::string>{"vault"});
  EXPECT_EQ(found[0].timeout, std::chrono::minutes(2));
}

TEST_F(LoadTest, refuses_what_is_no_python_notebook) {
  write("notebooks/c.ipynb", "{");
  EXPECT_NE(discover_refusal().find("notebooks/c.ipynb:1:"), std::string::npos) << discover_refusal();
  write("notebooks/c.ipynb", R"({"nbformat":4,"metadata":{"kernelspec":{"language":"R"}},"cells":[]})");
  EXPECT_EQ(discover_refusal(), "notebooks/c.ipynb: it is written in 'R', expected python");
  write("notebooks/c.ipynb", R"({"nbformat":4,"metadata":{"fresh_clone":{"service":["x"]}},"cells":[]})");
  EXPECT_EQ(discover_refusal(),
            "notebooks/c.ipynb: metadata.fresh_clone.service is not known or of the wrong type");
}

TEST_F(LoadTest, no_notebook_at_all_is_an_error) {
  std::filesystem::create_directory(folder_.path() / "empty");
  EXPECT_THROW(discover({.image = "x", .paths = {"empty"}}, folder_.path()), base::Error);
}

}  // namespace
}  // namespace fresh::notebooks
