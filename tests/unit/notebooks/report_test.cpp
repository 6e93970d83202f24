#include "notebooks/report.h"

#include "notebooks/driver_report.h"

#include <gtest/gtest.h>

namespace fresh::notebooks {
namespace {

TEST(ReportTsv, is_sorted_and_escaped) {
  NotebookReport report;
  report.notebooks.push_back({.path = "b.ipynb",
                              .status = Status::pass,
                              .cells_total = 2,
                              .cells_ok = 2,
                              .took = std::chrono::milliseconds(1234),
                              .exit_code = 0,
                              .peak_memory = 5});
  report.notebooks.push_back({.path = "a.ipynb",
                              .status = Status::fail,
                              .reason = "E:\tx\ny\\z\x1b[31m",
                              .cell = 3,
                              .cells_total = 4,
                              .cells_ok = 2});
  EXPECT_EQ(report_tsv(report),
            "notebook\tstatus\tcell\tcells_ok\tcells_total\tseconds\texit_code\tpeak_memory_bytes\treason\n"
            "a.ipynb\tfail\t3\t2\t4\t0.000\t\t\tE:\\tx\\ny\\\\z[31m\n"
            "b.ipynb\tpass\t\t2\t2\t1.234\t0\t5\t\n");
}

TEST(NotebookReport, passes_only_with_a_pass_and_nothing_bad) {
  NotebookReport report;
  EXPECT_FALSE(report.passed());
  report.notebooks.push_back({.path = "a", .status = Status::not_applicable});
  EXPECT_FALSE(report.passed());
  report.notebooks.push_back({.path = "b", .status = Status::pass});
  EXPECT_TRUE(report.passed());
  report.notebooks.push_back({.path = "c", .status = Status::kernel_died});
  EXPECT_FALSE(report.passed());
}

constexpr const char* pass =
    R"(fresh-clone/1 {"event":"finished","status":"pass","reason":"","cell":0,"cells_total":1,"cells_ok":1})";

TEST(DriverReport, reads_lines_in_pieces_of_any_size) {
  const std::string text =
      std::string(
          "fresh-clone/1 {\"event\":\"cell\",\"cell\":1,\"of\":2,\"status\":\"ok\",\"seconds\":0.25}\r\n") +
      pass + "\n";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    int seen = 0;
    DriverReportReader reader([&](const CellResult& cell, int of) {
      ++seen;
      EXPECT_EQ(cell.took.count(), 250);
      EXPECT_EQ(of, 2);
    });
    for (std::size_t at = 0; at < text.size(); at += size) {
      reader.feed(std::string_view(text).substr(at, size));
    }
    EXPECT_EQ(seen, 1);
    ASSERT_TRUE(reader.report().finished) << size;
    EXPECT_EQ(reader.report().finished->status, "pass");
    EXPECT_TRUE(reader.report().noise.empty());
  }
}

TEST(DriverReport, garbage_and_cut_lines_are_no_result) {
  for (const std::string& text : {std::string(pass), std::string(pass).substr(0, 60) + "\n",
                                  " " + std::string(pass) + "\n", std::string("fresh-clone/1 []\n"),
                                  std::string("fresh-clone/1 {\"event\":\"finished\",\"status\":7}\n"),
                                  std::string("fresh-clone/1 \xff\n"), std::string(3 << 20, 'x')}) {
    DriverReportReader reader;
    reader.feed(text);
    EXPECT_FALSE(reader.report().finished) << text.substr(0, 80);
  }
}

TEST(DriverReport, keeps_the_last_lines_that_are_no_report) {
  DriverReportReader reader;
  for (int i = 0; i < 50; ++i) {
    reader.feed("line " + std::to_string(i) + "\n");
  }
  EXPECT_EQ(reader.report().noise.size(), 20U);
  EXPECT_EQ(reader.report().noise.back(), "line 49");
}

TEST(DriverReport, knows_the_cell_that_runs) {
  DriverReportReader reader;
  reader.feed("fresh-clone/1 {\"event\":\"cell_started\",\"cell\":3,\"of\":9}\n");
  EXPECT_EQ(reader.report().running_cell, 3);
  reader.feed("fresh-clone/1 {\"event\":\"cell\",\"cell\":3,\"of\":9,\"status\":\"ok\",\"seconds\":1}\n");
  EXPECT_EQ(reader.report().running_cell, 0);
}

}  // namespace
}  // namespace fresh::notebooks
