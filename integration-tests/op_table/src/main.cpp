// tessera-optable: the op table as text.
#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

#include "all_cases.hpp"
#include "documents.hpp"

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Which op runs where: prints the parity table of op, dtype and device.", "tessera-optable");
    std::string write_to, check_against;
    app.add_option("--write", write_to, "Write the table of ops for the docs to this file");
    app.add_option("--check", check_against, "Fail unless this file is what --write would make")->excludes("--write");
    CLI11_PARSE(app, argc, argv);

    tessera::testing::case_table table;
    tessera::testing::register_all_cases(table);
    if (write_to.empty() && check_against.empty()) {
        std::cout << tessera::testing::parity_table(table);
        return 0;
    }
    const std::string document = tessera::testing::ops_document(table);
    if (!check_against.empty()) {
        if (content_of(check_against) == document) return 0;
        std::cerr << check_against << " is out of date; run: tessera-optable --write " << check_against << "\n";
        return 1;
    }
    std::ofstream file(write_to, std::ios::binary);
    file << document;
    if (!file.flush()) {
        std::cerr << "cannot write " << write_to << "\n";
        return 1;
    }
    return 0;
}
