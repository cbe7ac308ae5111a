using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Runs;

/// <summary>The data on which a network was trained: it is looked at on the same where nobody names other data.</summary>
internal sealed class TrainedData
{
    private readonly string _path;
    private readonly RunData? _run;
    private readonly ModelDescription? _model;

    private TrainedData(string path, RunData? run, ModelDescription? model) => (_path, _run, _model) = (path, run, model);

    /// <summary>The data of a run or an experiment.</summary>
    /// <param name="path">What has it, for messages.</param>
    /// <param name="data">What its description says.</param>
    public static TrainedData Of(string path, RunData data) => new(path, data, null);

    /// <summary>The data of a saved model: what the run.json beside it says, else what the file says of itself.</summary>
    /// <param name="file">The model's file.</param>
    /// <param name="model">What the file says of itself; null where it says nothing.</param>
    /// <exception cref="InputException">The run.json cannot be read.</exception>
    public static TrainedData Of(string file, ModelDescription? model)
    {
        bool isOfRun = Path.GetFileName(file) == RunFiles.Model && !InputFile.IsPiped(file);
        return new(file, isOfRun ? RunFolder.Find(Path.GetDirectoryName(Path.GetFullPath(file))!)?.Data : null, model);
    }

    /// <summary>Asks for the data of the training where the user names none, and in any case for what fits the network.</summary>
    /// <param name="asked">What the user asks for.</param>
    /// <exception cref="InputException">The data of the training is no longer where it was, and nobody published it.</exception>
    public DatasetRequest Complete(DatasetRequest asked)
    {
        DatasetRequest fitting = asked with
        {
            Inputs = _run?.Inputs ?? _model?.Inputs,
            Outputs = _run?.Classes ?? _model?.Classes
        };
        if (!asked.NamesNothing || (_run?.Name ?? _model?.DataSet) is not { } name)
            return fitting;
        DatasetRequest trained = fitting with { Classes = fitting.Outputs, Transpose = Dataset.IsTransposed(name) };
        string title = Dataset.Upright(name);
        if (_run is null ? title == BuiltInDigits.Name : _run.Location == BuiltInDigits.Location)
            return trained with { Name = BuiltInDigits.Name };
        PublishedDataset? published = PublishedDataset.All.FirstOrDefault(known => known.Title == title);
        if (_run is not null && IsThere(_run))
            return trained with { Name = published?.Key ?? DatasetRequest.Auto, Folder = _run.Location };
        if (published is not null)
            return trained with { Name = published.Key };
        return _run is null ? fitting : throw new InputException(
            $"{_path}: was trained on {name} from {_run.Location}, which no longer holds it; " +
            $"name its folder{Hint.With(Settings.DataFolder)}");
    }

    /// <summary>Makes sure, where the user named no data, that what was found is that of the training, and says so.</summary>
    /// <param name="found">What <see cref="Complete"/> led to.</param>
    /// <param name="asked">What the user asked for.</param>
    /// <exception cref="InputException">It is other data.</exception>
    public ResolvedDataset Confirm(ResolvedDataset found, DatasetRequest asked)
    {
        if (_run is null || !asked.NamesNothing)
            return found;
        CheckSame(found.Dataset);
        return found with { Source = $"{found.Source}, as in the training" };
    }

    /// <summary>Checks that data is that of the run or the experiment, where its description is there.</summary>
    /// <exception cref="InputException">It is other data.</exception>
    public void CheckSame(Dataset dataset)
    {
        if (_run is null)
            return;
        RunData now = RunData.Of(dataset, dataset.Train.ToSamples(new PixelScaling(_run.Scale, _run.Shift)));
        if (!_run.IsSameAs(now))
        {
            throw new InputException(
                $"{_path}: was trained on {_run.Name} from {_run.Location}, and the data here is {dataset.Name} from " +
                $"{dataset.Location}; choose the data{Hint.With(Settings.DataFolder, Settings.Dataset)}");
        }
    }

    private static bool IsThere(RunData data) => PublishedDataset.All.Any(known =>
        known.Files.All(file => data.Md5.ContainsKey(file.Name)) && DatasetFolder.IsComplete(data.Location, known));
}
