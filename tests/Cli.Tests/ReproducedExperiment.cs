using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>An experiment of two runs per model on the built-in digits, made once for a class of tests.</summary>
public abstract class ReproducedExperiment : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected ReproducedExperiment(string models, int epochs)
    {
        CliResult result = CliCall.Run(
            "reproduce", "--models", models, "--runs", "2", "--epochs", $"{epochs}", "--dataset", "digits", "--device", "cpu",
            "--threads", "1",
            "--out", Folder, "--quiet");
        Assert.Equal((0, ""), (result.ExitCode, result.ErrorButDeadOutputs));
    }

    /// <summary>Its folder.</summary>
    public string Folder => _folder["experiment"];

    /// <summary>The saved model of a run.</summary>
    public string Model => Directory.GetFiles(Folder, "model.safetensors", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).First();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
