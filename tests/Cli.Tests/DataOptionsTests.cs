using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class DataOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Swapped_rows_and_another_number_of_classes_are_no_data_on_which_a_run_goes_on()
    {
        string[] train = ["train", "--dataset", "digits", "--model", "ReLU", "--device", "cpu", "--epochs", "2", "--out",
            _folder["run"]];
        CliResult begun = CliCall.Run([.. train, "--transpose"]);
        Assert.Equal(0, begun.ExitCode);
        Assert.Contains("digits, transposed: 1,442 training", begun.Output);
        Assert.Equal(0, CliCall.Run([.. train, "--transpose", "--resume"]).ExitCode);

        CliResult upright = CliCall.Run([.. train, "--resume"]);
        Assert.Equal(2, upright.ExitCode);
        Assert.StartsWith("error: the data is digits (", upright.Error);
        Assert.Contains("was begun with digits, transposed (", upright.Error);
        CliResult twelve = CliCall.Run([.. train, "--transpose", "--classes", "12", "--resume"]);
        Assert.Equal(2, twelve.ExitCode);
    }

    [Fact]
    public void EMNIST_with_labels_from_1_is_trained_evaluated_and_analysed()
    {
        // 26 letters, two images of 5×3 pixels each.
        byte[] labels = [.. Enumerable.Range(0, 52).Select(i => (byte)(1 + i % 26))];
        foreach (string part in (string[])["train", "test"])
        {
            File.WriteAllBytes(_folder[$"emnist-letters-{part}-images-idx3-ubyte"], IdxBytes.Images(52, 5, 3));
            File.WriteAllBytes(_folder[$"emnist-letters-{part}-labels-idx1-ubyte.gz"], IdxBytes.Gzip(IdxBytes.Labels(labels)));
        }
        string[] data = ["--data", _folder.Path, "--transpose", "--device", "cpu"];
        CliResult trained = CliCall.Run(["train", "--model", "Abs-L2-Neg", "--epochs", "3", "--out", _folder["run"], .. data]);
        Assert.Equal((0, "warning: No training image is of class 0."), (trained.ExitCode, trained.Error.Trim()));
        Assert.Contains("EMNIST letters (not as published), transposed: 52 training and 52 test images of 3×5 in 27 classes",
            trained.Output);

        string model = Path.Combine(_folder["run"], "model.safetensors");
        Assert.Equal(0, CliCall.Run(["evaluate", model, .. data]).ExitCode);
        CliResult lying = CliCall.Run("evaluate", model, "--data", _folder.Path);
        Assert.Equal(2, lying.ExitCode);
        Assert.Contains(
            "was trained on EMNIST letters (not as published), transposed, and the data here is EMNIST letters (not as " +
            "published); ask for --transpose", lying.Error);
        Assert.Equal(0, CliCall.Run(["analyze", model, "--what", "dead-nodes,representation,prototypes", .. data]).ExitCode);
    }

    [Theory]
    [InlineData("--dataset cifar: expected one of", "--dataset", "cifar")]
    [InlineData("--classes 1: expected 2 to 256", "--classes", "1")]
    [InlineData("the digits are built in and read no folder", "--dataset", "digits", "--data", "x")]
    public void What_cannot_be_right_is_refused_before_anything_is_done(string problem, params string[] options)
    {
        CliResult result = CliCall.Run(["train", .. options]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: {problem}", result.Error);
    }
}
