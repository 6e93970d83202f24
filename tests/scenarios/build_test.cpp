// Building: what moved, what fails, what was tampered with, and what needs no network.
#include "scenarios/scenario.h"

namespace fresh::test {
namespace {

namespace fs = std::filesystem;

using Build = Scenario;

TEST_F(Build, a_dockerfile_that_fails_shows_its_last_words) {
  project.edit("images/app/Dockerfile", "USER 1000:1000",
               "RUN echo these are my last words && exit 7\nUSER 1000:1000");
  const auto outcome = project.run();
  expect_failure(outcome, {30, "G4_BUILD", {"localhost/small/app:1"}});
  EXPECT_NE(outcome.ended.err.find("these are my last words"), std::string::npos) << outcome.ended.err;
}

TEST_F(Build, debian_packages_that_moved_are_named_and_locked_makes_them_an_error) {
  ASSERT_EQ(project.command({"images", "lock"}).exit_code, 0);
  const std::string lock = "images/python.packages.lock";
  const std::string text = base::read_file(project.folder() / lock);
  const auto line = text.find("\npython3 ");
  ASSERT_NE(line, std::string::npos) << text;
  const auto end = text.find('\n', line + 1);
  project.write(lock, text.substr(0, line) + "\npython3 3.0.0-1 amd64" + text.substr(end));
  project.commit("a lock of an older day");

  expect_failure(project.run({"--locked"}), {30, "G4_BUILD", {"python3", "3.0.0-1"}, {"images lock"}});

  const auto said = project.run();
  expect_pass(said);
  EXPECT_NE(said.ended.err.find("3.0.0-1"), std::string::npos) << said.ended.err;
}

TEST_F(Build, a_port_is_taken) {
  const auto thief = serve("127.0.0.1", "18301", project.folder());
  const auto outcome = project.run();
  expect_failure(outcome, {30, "G5_DEPLOY_VAULT", {"18301"}});
}

/// An image with one input that a command fetches over the network: from a server beside the engine.
class Fetch : public Scenario {
 protected:
  void SetUp() override {
    Scenario::SetUp();
    project.set_variable("XDG_CACHE_HOME", cache().string());
    fs::create_directories(FRESH_TEST_CACHE);
    must({"cp", "-al", FRESH_TEST_CACHE, cache().string()});
    fs::create_directories(served());
    base::write_file_atomic(served() / "words.txt", "alpha beta gamma\n");
    project.write("images/app/Dockerfile",
                  base::read_file(project.folder() / "images/app/Dockerfile") + "COPY inputs /opt/inputs\n");
    project.edit("fresh-clone.yaml", "build: images/app}",
                 "build: images/app, fetch: {image: localhost/small/python:1, run: \"" + command() + "\"}}");
    server_ = serve("10.255.213.1", "18399", served());
    lock();
  }

  static std::string command() {
    return "python3 -c \\\"import urllib.request as u; u.urlretrieve('http://10.255.213.1:18399/words.txt', "
           "'/out/words.txt')\\\"";
  }
  fs::path cache() const { return project.folder().parent_path() / "cache"; }
  fs::path served() const { return project.folder().parent_path() / "served"; }
  void lock() {
    const auto ended = project.command({"images", "lock"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    project.commit("locks");
  }
  void unserve() { server_.reset(); }
  /// Every file of the cache with this content.
  std::vector<fs::path> cached(const std::string& content) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(cache())) {
      if (entry.is_regular_file() && entry.file_size() == content.size() &&
          base::read_file(entry.path()) == content) {
        found.push_back(entry.path());
      }
    }
    return found;
  }

 private:
  std::unique_ptr<Program> server_;
};

TEST_F(Fetch, after_one_fetch_the_build_needs_no_network) {
  unserve();
  const RealEngine closed(engine().kind(), project.folder().parent_path() / "closed", true);
  project.use(closed);
  expect_pass(project.run());
}

TEST_F(Fetch, a_changed_input_in_the_cache_is_never_built_in) {
  const auto files = cached("alpha beta gamma\n");
  ASSERT_EQ(files.size(), 1U);
  unserve();
  fs::permissions(files[0], fs::perms::owner_all);
  base::write_file_atomic(files[0], "alpha bexa gamma\n");
  expect_failure(project.run(), {30, "G4_BUILD", {"words.txt"}});
}

TEST_F(Fetch, an_input_that_its_origin_changed_is_named) {
  for (const auto& file : cached("alpha beta gamma\n")) {
    fs::remove(file);
  }
  base::write_file_atomic(served() / "words.txt", "alpha beta delta\n");
  expect_failure(project.run(), {30, "G4_BUILD", {"changed: words.txt"}, {"images lock"}});
}

TEST_F(Fetch, an_extra_input_is_named) {
  for (const auto& file : cached("alpha beta gamma\n")) {
    fs::remove(file);
  }
  project.edit("fresh-clone.yaml", "'/out/words.txt')",
               "'/out/words.txt'); open('/out/more.txt', 'w').write('x')");
  expect_failure(project.run(), {30, "G4_BUILD", {"extra: more.txt"}, {"images lock"}});
}

TEST_F(Fetch, a_missing_input_is_named) {
  for (const auto& file : cached("alpha beta gamma\n")) {
    fs::remove(file);
  }
  project.edit("fresh-clone.yaml", "'/out/words.txt')", "'/out/other.txt')");
  expect_failure(project.run(), {30, "G4_BUILD", {"missing: words.txt"}, {"images lock"}});
}

}  // namespace
}  // namespace fresh::test
