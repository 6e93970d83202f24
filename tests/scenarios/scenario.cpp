#include "scenarios/scenario.h"

namespace fresh::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* ours =
    "%7B%22label%22%3A%5B%22io.freshclone.tool%22%5D%7D";  // {"label":["io.freshclone.tool"]}

std::vector<std::string> curl(const RealEngine& engine, const std::string& method, const std::string& path) {
  return {"curl",
          "-sS",
          "-m",
          "60",
          "-X",
          method,
          "--unix-socket",
          engine.socket().string(),
          "http://d/v1.41" + path};
}

void remove_ours(const RealEngine& engine) {
  for (const auto& container : engine_get(engine, std::string("/containers/json?all=1&filters=") + ours)) {
    must(curl(engine, "DELETE", "/containers/" + container["Id"].get<std::string>() + "?force=1&v=1"));
  }
  for (const auto& network : engine_get(engine, std::string("/networks?filters=") + ours)) {
    must(curl(engine, "DELETE", "/networks/" + network["Name"].get<std::string>()));
  }
  const json volumes = engine_get(engine, std::string("/volumes?filters=") + ours);
  for (const auto& volume : volumes["Volumes"].is_array() ? volumes["Volumes"] : json::array()) {
    must(curl(engine, "DELETE", "/volumes/" + volume["Name"].get<std::string>()));
  }
}

}  // namespace

json engine_get(const RealEngine& engine, const std::string& path) {
  return json::parse(must(curl(engine, "GET", path)));
}

void engine_post(const RealEngine& engine, const std::string& path) {
  must(curl(engine, "POST", path));
}

void Scenario::SetUp() {
  remove_ours(engine());
}

void Scenario::TearDown() {
  if (HasFailure()) {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    const fs::path kept = fs::path(FRESH_ARTIFACTS) / (engine().kind() + "." + test->name());
    fs::remove_all(kept);
    fs::create_directories(kept.parent_path());
    fs::copy(project.folder().parent_path(), kept,
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    std::cerr << "outputs kept in " << kept.string() << "\n";
  }
  remove_ours(engine());
}

std::vector<std::string> Scenario::left_in_engine() const {
  std::vector<std::string> names;
  for (const auto& container : engine_get(engine(), std::string("/containers/json?all=1&filters=") + ours)) {
    names.push_back("container " + container["Names"].dump());
  }
  for (const auto& network : engine_get(engine(), std::string("/networks?filters=") + ours)) {
    names.push_back("network " + network["Name"].get<std::string>());
  }
  const json volumes = engine_get(engine(), std::string("/volumes?filters=") + ours);
  for (const auto& volume : volumes["Volumes"].is_array() ? volumes["Volumes"] : json::array()) {
    names.push_back("volume " + volume["Name"].get<std::string>());
  }
  return names;
}

std::unique_ptr<Program> Scenario::serve(const std::string& address, const std::string& port,
                                         const fs::path& folder) const {
  const fs::path place = project.folder().parent_path();
  auto server = std::make_unique<Program>(engine().inside({"python3", "-m", "http.server", "--bind", address,
                                                           "--directory", folder.string(), port}),
                                          std::map<std::string, std::string>{}, place / ("server" + port));
  const auto answers = [&] {
    Program probe(engine().inside({"curl", "-sS", "-o", "/dev/null", "http://" + address + ":" + port + "/"}),
                  {}, place / ("probe" + port));
    return probe.wait(std::chrono::seconds(10)).exit_code == 0;
  };
  if (!eventually(answers, std::chrono::seconds(20))) {
    throw std::runtime_error("no web server on " + address + ":" + port + ": " + server->err_so_far());
  }
  return server;
}

}  // namespace fresh::test
