using CommandLine;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Bench.Verbs;

/// <summary>One benchmark, and the options that all have.</summary>
internal abstract class BenchVerb
{
    [Option("data", MetaValue = "FOLDER", HelpText = "Folder with the four files of MNIST. Default: where ilgpu-distance looks for them.")]
    public string? Data { get; set; }

    [Option("offline", HelpText = "Never download MNIST; use the built-in digits where it is not on the disk.")]
    public bool Offline { get; set; }

    [Option("markdown", HelpText = "Print tables in Markdown.")]
    public bool Markdown { get; set; }

    protected Report Report => new(Markdown);

    /// <summary>Measures and prints, and returns the exit code: 0, or 1 where results are wrong.</summary>
    /// <exception cref="Gpu.InputException">The data cannot be had, or an option cannot be used.</exception>
    public abstract int Run();

    /// <summary>Finds the data and says what it is, so that no figure of other data passes for one of MNIST.</summary>
    protected Dataset LoadDataset()
    {
        var resolver = new DatasetResolver(DataLocations.OfThisProcess(), new MnistDownloader());
        ResolvedDataset resolved = resolver.ResolveAsync(new DatasetRequest
        {
            Folder = Data,
            Download = Offline ? DownloadPolicy.Offline : DownloadPolicy.WhenNeeded,
        }).GetAwaiter().GetResult();
        Report.Line(resolved.Source);
        foreach (string warning in resolved.Warnings)
            Report.Line($"NOTE: {warning}");
        return resolved.Dataset;
    }

    /// <summary>A model's plan for a data set.</summary>
    protected static NetworkPlan Compile(string model, Dataset dataset) => NetworkPlan.Compile(
        PaperModels.Resolve(model, dataset.Classes), dataset.Train.PixelsPerImage, dataset.Classes);
}
