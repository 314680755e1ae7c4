// What the training gave, as one PNG: the loss curve, the confusion matrix, and the digits that were misread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace digits {

struct misread_digit {
    std::vector<double> pixels;  // 8 x 8 in [0, 1]
    int truth, guess;
};

struct outcome {
    std::vector<double> epoch_losses;
    std::int64_t confusion[10][10] = {};  // [truth][guess]
    double accuracy = 0;
    std::vector<misread_digit> misread;
};

// Throws std::runtime_error when the file cannot be written.
void write_picture(const outcome& result, const std::string& path);

}  // namespace digits
