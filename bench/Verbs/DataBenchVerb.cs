using CommandLine;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Bench.Verbs;

/// <summary>A benchmark on a data set, and the options that choose it.</summary>
internal abstract class DataBenchVerb : BenchVerb
{
    [Option("data", MetaValue = "FOLDER",
        HelpText = "Folder with the four files of MNIST. Default: where ilgpu-distance looks for them.")]
    public string? Data { get; set; }

    [Option("offline", HelpText = "Never download data; use the built-in digits where it is not on the disk.")]
    public bool Offline { get; set; }

    /// <summary>Finds the data and says what it is, so that no figure of other data passes for one of MNIST.</summary>
    /// <exception cref="Gpu.Errors.InputException">The data cannot be had.</exception>
    protected Dataset LoadDataset()
    {
        ResolvedDataset resolved = Resolve();
        Report.Line(resolved.Source);
        foreach (Gpu.Errors.Wording warning in resolved.Warnings)
            Report.Line($"NOTE: {warning}");
        return resolved.Dataset;
    }

    /// <summary>Finds the data.</summary>
    /// <exception cref="Gpu.Errors.InputException">The data cannot be had.</exception>
    protected ResolvedDataset Resolve()
    {
        var resolver = new DatasetResolver(DataLocations.OfThisProcess(), new DatasetDownloader());
        return resolver.ResolveAsync(new DatasetRequest
        {
            Folder = Data,
            Download = Offline ? DownloadPolicy.Offline : DownloadPolicy.WhenNeeded,
        }).GetAwaiter().GetResult();
    }
}
