using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>
/// An experiment of two models, two runs and 20 epochs on a part of the built-in digits, with a checkpoint after each epoch.
/// </summary>
public sealed class TinyExperiment : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>
    /// The second network is so wide that its epochs take a while and its checkpoints, of 0.4 MB, fill a small disk.
    /// </summary>
    public static IReadOnlyList<string> Options { get; } =
    [
        "--models", "linear(100) > relu > linear(64) > offset-l2(10) > neg,linear(384) > abs > linear(192) > relu > linear(10)",
        "--runs", "2", "--epochs", "20", "--eval-every", "3", "--input-scale", "unit", "--lr", "0.05", "--seed", "7",
        "--checkpoint-seconds", "0",
    ];

    public TinyExperiment()
    {
        PartOfDigits.Write(Data, train: 300, test: 100);
        CliResult result = CliCall.Run(["reproduce", "--data", Data, "--device", "cpu", "--out", Whole, .. Options]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    /// <summary>The folder with the data: 300 images to train on, 100 to test on.</summary>
    public string Data => _folder["data"];

    /// <summary>The folder of the experiment, which nothing has disturbed.</summary>
    public string Whole => _folder["whole"];

    public void Dispose() => _folder.Dispose();
}
