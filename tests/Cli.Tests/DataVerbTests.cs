using System.Text.Json;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class DataVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DataVerbTests() => IdxBytes.WriteSmallSet(_folder.Path);

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs a command that must fail with one line, and returns the line.</summary>
    private static string ErrorOf(params string[] arguments)
    {
        CliResult result = CliCall.Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        string line = Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.StartsWith("error: ", line);
        return line;
    }

    [Fact]
    public void Without_MNIST_it_shows_the_digits_and_says_that_they_are_not_MNIST()
    {
        CliResult result = CliCall.Run("data", "--offline");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("digits: 1,442 training and 355 test images of 8×8 in 10 classes", result.Output);
        Assert.StartsWith("warning: This is not MNIST", result.Error);
    }

    [Fact]
    public void It_does_not_download_and_says_that_training_would()
    {
        CliResult result = CliCall.Run("data");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("training would download it", result.Error);
        Assert.DoesNotContain("downloading", result.Error);
    }

    [Fact]
    public void It_shows_a_folder_with_class_balance_pixels_and_checksums()
    {
        CliResult result = CliCall.Run("data", "--data", _folder.Path);
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Contains("6 training and 3 test images of 3×2 in 3 classes", result.Output);
        // The training pixels are 0 to 35: mean 17.5, variance (36² − 1) / 12.
        Assert.Contains("mean 17.5000, standard deviation 10.3883", result.Output);
        Assert.Matches(@"(?m)^\s*2\s+2\s+1\s*$", result.Output);
        Assert.Matches("(?m)[0-9a-f]{32} +t10k-labels-idx1-ubyte", result.Output);
    }

    [Fact]
    public void Json_carries_the_same_facts()
    {
        CliResult result = CliCall.Run("data", "--data", _folder.Path, "--json", "--verify");
        JsonElement json = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(_folder.Path, json.GetProperty("location").GetString());
        Assert.Equal(3, json.GetProperty("height").GetInt32());
        Assert.Equal([2, 2, 2], json.GetProperty("train").GetProperty("perClass").EnumerateArray().Select(
            count => count.GetInt32()));
        Assert.Equal(17.5, json.GetProperty("pixels").GetProperty("mean").GetDouble());
        Assert.All(json.GetProperty("files").EnumerateArray(),
            file => Assert.Equal("unknown", file.GetProperty("verdict").GetString()));
    }

    [Fact]
    public void The_environment_variable_names_the_folder()
    {
        CliResult result = CliProcess.Run(["data"], new Dictionary<string, string?> { ["ILGPU_DISTANCE_DATA"] = _folder.Path });
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"from {_folder.Path}, named by ILGPU_DISTANCE_DATA", result.Output);
    }

    [Fact]
    public void Verification_fails_for_data_that_is_not_MNIST()
    {
        CliResult result = CliCall.Run("data", "--data", _folder.Path, "--verify");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("not a known file", result.Output);
    }

    [SkippableFact]
    public void Verification_succeeds_for_MNIST()
    {
        Skip.If(RealMnist.Folder is null, RealMnist.WhyMissing);
        CliResult result = CliCall.Run("data", "--data", RealMnist.Folder, "--verify");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("MNIST: 60,000 training and 10,000 test images", result.Output);
        Assert.Equal(4, result.Output.Split("   ok ").Length - 1);
    }

    [SkippableFact]
    public void Verification_tells_a_changed_file_from_the_sound_ones()
    {
        Skip.If(RealMnist.Folder is null, RealMnist.WhyMissing);
        foreach (string file in Directory.GetFiles(RealMnist.Folder, "*.gz"))
            File.Copy(file, _folder[Path.GetFileName(file)]);
        File.Delete(_folder["t10k-labels-idx1-ubyte.gz"]);
        File.WriteAllBytes(_folder["t10k-labels-idx1-ubyte"], IdxBytes.Labels(new byte[10_000]));
        CliResult result = CliCall.Run("data", "--data", _folder.Path, "--verify");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(3, result.Output.Split("   ok ").Length - 1);
        Assert.Contains("differs: 27ae3e4e09519cfbb04c329615203637 is expected", result.Output);
    }

    [Fact]
    public void Verification_without_MNIST_is_an_error() =>
        Assert.Contains("MNIST is not in ", ErrorOf("data", "--verify", "--offline"));

    [Fact]
    public void A_missing_folder_is_an_error() =>
        Assert.Contains("there is no such folder", ErrorOf("data", "--data", _folder["absent"]));

    [Fact]
    public void A_truncated_file_is_an_error_with_both_lengths()
    {
        File.WriteAllBytes(_folder["train-images-idx3-ubyte"], IdxBytes.Images(6, 3, 2)[..30]);
        Assert.Contains(
            "train-images-idx3-ubyte: 30 bytes where the header promises 52; download the file again",
            ErrorOf("data", "--data", _folder.Path));
    }

    [Fact]
    public void Contradicting_options_are_an_error()
    {
        Assert.Contains("leave out --data", ErrorOf("data", "--dataset", "digits", "--data", _folder.Path));
        Assert.Contains("contradict each other", ErrorOf("data", "--download", "--offline"));
        Assert.Contains("leave out --data", ErrorOf("data", "--download", "--data", _folder.Path));
    }

    [Fact]
    public void Classes_without_a_training_image_are_a_warning_and_most_of_them_an_error_unless_their_number_is_said()
    {
        File.WriteAllBytes(_folder["train-labels-idx1-ubyte"], IdxBytes.Labels(1, 1, 2, 3, 1, 2));
        File.WriteAllBytes(_folder["t10k-labels-idx1-ubyte"], IdxBytes.Labels(2, 1, 3));
        CliResult result = CliCall.Run("data", "--data", _folder.Path);
        Assert.Equal((0, "warning: No training image is of class 0."), (result.ExitCode, result.Error.Trim()));

        File.WriteAllBytes(_folder["train-labels-idx1-ubyte"], IdxBytes.Labels(1, 1, 2, 255, 3, 2));
        Assert.Contains("train-labels-idx1-ubyte: label 255 of image 3 would make 256 classes",
            ErrorOf("data", "--data", _folder.Path));
        Assert.Contains("in 256 classes", CliCall.Run("data", "--data", _folder.Path, "--classes", "256").Output);
        Assert.Contains("label 255 of image 3 where --classes 10 allows none above 9",
            ErrorOf("data", "--data", _folder.Path, "--classes", "10"));
    }

    [Fact]
    public void A_data_set_that_does_not_exist_is_an_error_with_those_that_do() =>
        Assert.Contains("expected one of auto, mnist, fashion-mnist, kmnist, qmnist, emnist-",
            ErrorOf("data", "--dataset", "cifar"));

    [Fact]
    public void Images_are_transposed()
    {
        CliResult result = CliCall.Run("data", "--data", _folder.Path, "--transpose");
        Assert.Contains(", transposed: 6 training and 3 test images of 2×3", result.Output);
    }
}
