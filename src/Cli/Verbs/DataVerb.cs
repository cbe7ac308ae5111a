using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using CommandLine;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Documents;

namespace IlgpuDistance.Cli.Verbs;

[Verb("data", HelpText = "Show the data set that training would use; download or verify it.")]
internal sealed class DataVerb : DataOptionsVerb
{
    private static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    [Option("download",
        HelpText = "Download the data set, MNIST by default, to the user's cache now, where it is not there yet.")]
    public bool Download { get; set; }

    [Option("verify",
        HelpText = "Compare the contents of every file with the published checksum; exit code 1 where one differs.")]
    public bool Verify { get; set; }

    [Option("json", HelpText = "Print JSON.")]
    public bool Json { get; set; }

    public override int Run()
    {
        CheckOptions();
        // Who downloads or verifies without naming a folder means MNIST: falling back to other data would not answer.
        DatasetRequest request = DatasetRequest;
        bool namesFolder = (DataFolder ?? DataLocations.OfThisProcess().EnvironmentFolder) is not null;
        bool insists = (Download || Verify) && !namesFolder && request.Is(DatasetRequest.Auto);
        ResolvedDataset resolved = LoadDataset(request with
        {
            Name = insists ? PublishedDataset.Mnist.Key : Dataset,
            Download = Download ? DownloadPolicy.ToCache : Offline ? DownloadPolicy.Offline : DownloadPolicy.Later,
        });

        if (Json)
            PrintJson(resolved);
        else
            PrintText(resolved);
        return Verify && resolved.Dataset.Files.Any(file => !file.IsPublished) ? 1 : 0;
    }

    private void CheckOptions()
    {
        if (!Download)
            return;
        if (Offline)
            throw new InputException("--download and --offline contradict each other; leave one out");
        if (DataFolder is not null || DatasetRequest.Is(BuiltInDigits.Name))
            throw new InputException("--download fills the user's cache; leave out --data, or --dataset digits");
        if (DataLocations.OfThisProcess().EnvironmentFolder is { } folder)
        {
            throw new InputException(
                $"{DataLocations.Variable} names {folder}, so that the user's cache would not be used; unset it to download");
        }
    }

    private void PrintText(ResolvedDataset resolved)
    {
        Dataset dataset = resolved.Dataset;
        PixelStatistics pixels = dataset.Statistics;
        Terminal.Print(resolved.Source);
        Terminal.Print(
            $"Training pixels (0 to 255): mean {pixels.Mean:0.0000}, standard deviation {pixels.StandardDeviation:0.0000}, " +
            $"{pixels.ZeroShare:P1} are zero");

        int[] train = dataset.Train.CountPerClass(dataset.Classes), test = dataset.Test.CountPerClass(dataset.Classes);
        TextTable classes = new TextTable().AddNumbers("class", "training", "test");
        for (int i = 0; i < dataset.Classes; i++)
            classes.AddRow($"{i}", $"{train[i]:N0}", $"{test[i]:N0}");
        Terminal.Print(classes);

        TextTable files = new TextTable().AddNumbers("bytes").AddWords("MD5").AddWords("file");
        if (Verify)
            files.AddWords("against the published checksum", wraps: true);
        foreach (DataFile file in dataset.Files)
        {
            string[] cells = [$"{file.Bytes:N0}", file.Md5, file.Name];
            files.AddRow(Verify ? [.. cells, InWords(dataset.VerdictOf(file), file)] : cells);
        }
        Terminal.Print(files);
    }

    private static string InWords(FileVerdict verdict, DataFile file) => verdict switch
    {
        FileVerdict.Published => "ok",
        FileVerdict.Differs =>
            $"differs{(file.PublishedMd5 is { } expected ? $": {expected} is expected" : " from the published file")}; " +
                $"download the file again",
        _ => "not a known file",
    };

    private void PrintJson(ResolvedDataset resolved)
    {
        Dataset dataset = resolved.Dataset;
        object Describe(ImageSet images) => new { images.Count, PerClass = images.CountPerClass(dataset.Classes) };
        Terminal.PrintData(JsonSerializer.Serialize(new
        {
            dataset.Name,
            dataset.Location,
            resolved.Source,
            Warnings = resolved.Warnings.Select(Terminal.InWords),
            dataset.Train.Height,
            dataset.Train.Width,
            dataset.Classes,
            Train = Describe(dataset.Train),
            Test = Describe(dataset.Test),
            Pixels = dataset.Statistics,
            Files = dataset.Files.Select(file => new
            {
                file.Name,
                file.Bytes,
                file.Md5,
                Verdict = Verify ? dataset.VerdictOf(file).ToString().ToLowerInvariant() : null,
            }),
        }, JsonFormat));
    }
}
