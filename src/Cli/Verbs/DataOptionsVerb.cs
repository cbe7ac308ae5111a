using CommandLine;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Cli.Verbs;

/// <summary>A verb that works on a data set, and the options that choose it.</summary>
internal abstract class DataOptionsVerb : Verb
{
    [Option("dataset", Default = DatasetRequest.Auto, MetaValue = "NAME",
        HelpText = "Which data: auto, mnist, fashion-mnist, kmnist, qmnist, emnist-letters or another split of EMNIST, or " +
            "digits. " +
            "auto: what the folder of --data holds, else MNIST, or the small built-in digits where MNIST cannot be had; " +
            "of a network that was trained, the data of its training.")]
    public string Dataset { get; set; } = "";

    [Option("data", MetaValue = "FOLDER",
        HelpText = "Folder with the four IDX files of MNIST, or of data in its form, plain or .gz; also one with MNIST/raw " +
            "in it. " +
            $"Default: ${DataLocations.Variable}, else the user's cache.")]
    public string? DataFolder { get; set; }

    [Option("transpose", HelpText = "Swap rows and columns of the images: those of EMNIST lie on their side.")]
    public bool Transpose { get; set; }

    [Option("classes", MetaValue = "N", HelpText = "Number of classes. Default: the largest training label + 1.")]
    public int? Classes { get; set; }

    [Option("offline", HelpText = "Never download data.")]
    public bool Offline { get; set; }

    /// <summary>What the options ask for.</summary>
    internal DatasetRequest DatasetRequest => new()
    {
        Name = Dataset,
        Folder = DataFolder,
        Classes = Classes,
        Transpose = Transpose,
        Download = Offline ? DownloadPolicy.Offline : DownloadPolicy.WhenNeeded,
    };

    /// <summary>Finds and reads the data set, shows a download if there is one, and prints warnings.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="quiet">Whether a download is not shown.</param>
    /// <exception cref="Gpu.Errors.InputException">The data cannot be had.</exception>
    /// <exception cref="OperationCanceledException">The user stopped the download.</exception>
    protected ResolvedDataset LoadDataset(DatasetRequest request, bool quiet = false)
    {
        using IDisposable heeding = Interruption.Heed();
        var resolver = new DatasetResolver(DataLocations.OfThisProcess(), new DatasetDownloader());
        Task<ResolvedDataset> ResolveAsync(IProgress<DownloadProgress>? progress) =>
            resolver.ResolveAsync(request, progress, Interruption.Token);
        ResolvedDataset resolved;
        try
        {
            resolved = (quiet ? ResolveAsync(null) : DownloadDisplay.RunAsync(ResolveAsync)).GetAwaiter().GetResult();
            foreach (Wording warning in resolved.Warnings)
                Terminal.Warn(warning);
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException("the download was stopped; no half file is left", error);
        }
        // Not every step of it looks.
        return Interruption.Token.IsCancellationRequested
            ? throw new OperationCanceledException("interrupted while the data was loaded")
            : resolved;
    }
}
