using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Models;

/// <summary>
/// A model in a safetensors file. The keys are those of the same network as a <c>torch.nn.Sequential</c>, so that files go
/// to PyTorch and come from there.
/// </summary>
public sealed class SavedModel
{
    /// <summary>
    /// What PyTorch's wrappers put in front of the keys: torch.compile, DataParallel, and modules that hold the network.
    /// </summary>
    private static readonly string[] Wrappers = ["_orig_mod.", "module.", "model."];

    private const string FileName = "model.safetensors";

    private readonly string _path;
    private readonly TensorFile _file;

    private SavedModel(string path, TensorFile file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>The SHA-256 of the file in hexadecimal.</summary>
    internal string Sha256 => _file.Sha256!;

    /// <summary>
    /// The file of a model that a path names: itself, that in the folder of a run, or a network of the <see cref="ModelZoo"/>.
    /// </summary>
    public static string FileOf(string path) =>
        Path.Combine(path, FileName) is var inFolder && File.Exists(inFolder) ? inFolder : path;

    /// <summary>A path that names a model, as it can be found from any folder.</summary>
    internal static string FullPathOf(string path) => ModelZoo.IsNamedBy(path) ? path : Path.GetFullPath(path);

    /// <summary>What to name instead of a folder that holds no model.</summary>
    internal static string AdviceOn(string folder)
    {
        // The runs of an experiment are two folders below its own.
        var downToRuns = new EnumerationOptions
        {
            IgnoreInaccessible = true,
            RecurseSubdirectories = true,
            MaxRecursionDepth = 2
        };
        return Directory.EnumerateFiles(folder, FileName, downToRuns).Min(StringComparer.Ordinal) is { } model
            ? $"name a run in it, e.g. {Path.GetDirectoryName(model)}"
            : $"there is no {FileName} in it; name a safetensors file or the folder of a run";
    }

    /// <summary>Reads a file. What a wrapper of PyTorch put in front of all keys is left out.</summary>
    /// <param name="path">Its name, or that of a network of the <see cref="ModelZoo"/>.</param>
    /// <param name="tell">Told, in a sentence, what was left out of the keys.</param>
    /// <exception cref="ArgumentNullException">There is no name.</exception>
    /// <exception cref="InputException">The file is missing or damaged, or the zoo has no such network.</exception>
    public static SavedModel Load(string path, Action<string>? tell = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        TensorFile file = SafeTensors.Read(path);
        string[] prefixes = [.. file.Tensors.Select(tensor => PrefixOf(tensor.Name)).Distinct()];
        if (prefixes is [{ Length: > 0 } prefix])
        {
            tell?.Invoke($"{path}: all keys begin with \"{prefix}\", which is left out.");
            file = file with
            {
                Tensors =
                [.. file.Tensors.Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] })]
            };
        }
        return new SavedModel(path, file);
    }

    /// <summary>Writes a file, atomically.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="plan">The network.</param>
    /// <param name="parameters">[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</param>
    /// <param name="description">What the file says about itself.</param>
    /// <exception cref="ArgumentException">
    /// The number of parameters is another, or the name stands for a network of the <see cref="ModelZoo"/>.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, NetworkPlan plan, ReadOnlyMemory<float> parameters, ModelDescription description)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (ModelZoo.IsNamedBy(path))
            throw new ArgumentException(ReservedName.ProblemOf(path), nameof(path));
        CheckCount(plan, parameters);
        var tensors = plan.Tensors.Select(tensor =>
            new NamedTensor(tensor.Name, tensor.Shape, parameters.Slice(tensor.Offset, tensor.Count)));
        SafeTensors.Write(path, new TensorFile(description.ToMetadata(), [.. tensors]));
    }

    /// <summary>Writes a file, atomically, for a network that was trained on values of one's own.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="plan">The network.</param>
    /// <param name="parameters">[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</param>
    /// <param name="samples">Samples on which it was trained, whose scale and shift the file keeps.</param>
    /// <exception cref="ArgumentException">
    /// The number of parameters is another, the samples do not fit the network, or the name stands for one of the
    /// <see cref="ModelZoo"/>.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, NetworkPlan plan, ReadOnlyMemory<float> parameters, Samples samples)
    {
        samples.CheckFits(plan);
        Save(path, plan, parameters, new ModelDescription
        {
            Model = plan.Network.ToString(),
            Inputs = plan.Inputs,
            Classes = plan.Classes,
            DataSet = "values of its own",
            InputScale = "own",
            Scale = samples.Scale,
            Shift = samples.Shift,
        });
    }

    /// <exception cref="ArgumentException">The number of parameters is not the network's.</exception>
    internal static void CheckCount(NetworkPlan plan, ReadOnlyMemory<float> parameters)
    {
        if (parameters.Length != plan.ParameterCount)
        {
            throw new ArgumentException(
                $"{parameters.Length:N0} parameters; \"{plan.Network}\" has {plan.ParameterCount:N0}", nameof(parameters));
        }
    }

    /// <summary>Of a file with several values for each parameter, those whose keys begin with a name.</summary>
    /// <exception cref="InputException">They are not those of the network.</exception>
    internal static float[] ParametersIn(string path, TensorFile file, string prefix, NetworkPlan plan) =>
        new SavedModel(path, file with
        {
            Tensors =
        [
            .. file.Tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] }),
        ],
        }).ParametersFor(plan);

    /// <summary>What the file says about itself, or null where it names no model, as files from PyTorch.</summary>
    /// <exception cref="InputException">The file names a model but the rest is incomplete or wrong.</exception>
    public ModelDescription? Describe() => ModelDescription.FromMetadata(_file.Metadata, _path);

    /// <summary>The network in the file, as the file describes it.</summary>
    /// <exception cref="InputException">The file names no network, or one that cannot be.</exception>
    public NetworkPlan Compile() => Compile(DescribeNetwork());

    /// <summary>The network in the file, for a data set.</summary>
    /// <param name="dataset">The data that the network is to classify.</param>
    /// <param name="model">A model's name or layers, where the file does not say, or is not to; null means that it says.</param>
    /// <param name="form">The form of OffsetL2 in <paramref name="model"/> where it does not say.</param>
    /// <exception cref="InputException">No model is named, or it does not fit the data.</exception>
    public NetworkPlan PlanFor(Dataset dataset, string? model = null, OffsetL2Form form = OffsetL2Form.Paper)
    {
        int pixels = dataset.Test.PixelsPerImage;
        if (model is not null)
            return NetworkPlan.Compile(PaperModels.Resolve(model, dataset.Classes, form), pixels, dataset.Classes);

        ModelDescription description = DescribeNetwork();
        if (description.Inputs != pixels || description.Classes != dataset.Classes)
        {
            throw new InputException(
                $"{_path}: was trained on {description.DataSet} with {description.Inputs} inputs and {description.Classes} " +
                    $"classes, " +
                $"but {dataset.Name} has {pixels} pixels and {dataset.Classes} classes; " +
                $"choose fitting data{Hint.With(Settings.Dataset, Settings.DataFolder)}");
        }
        if (Dataset.IsTransposed(description.DataSet) != Dataset.IsTransposed(dataset.Name))
        {
            throw new InputException(
                $"{_path}: was trained on {description.DataSet}, and the data here is {dataset.Name}; " +
                $"{(Dataset.IsTransposed(dataset.Name) ? "leave out" : "ask for")} {Settings.Transposition}, " +
                $"or name the network{Hint.With(Settings.Model)} to do without this check");
        }
        return Compile(description);
    }

    private ModelDescription DescribeNetwork() => Describe() ?? throw new InputException(
        $"{_path}: does not say which network it holds; name it{Hint.With(Settings.Model)}, e.g. Abs-L2-Neg");

    private NetworkPlan Compile(ModelDescription description)
    {
        try
        {
            return NetworkPlan.Compile(Network.Parse(description.Model), description.Inputs, description.Classes);
        }
        catch (InputException error)
        {
            throw new InputException($"{_path}: metadata: {error.Message}", error);
        }
    }

    /// <summary>The scaling of the input: the one that is asked for, else that of the training, else raw.</summary>
    /// <param name="dataset">The data, whose training images decide what standardized means.</param>
    /// <param name="scaling">The scaling that is asked for, if any.</param>
    /// <exception cref="InputException">The file's description is incomplete, or the data cannot be standardized.</exception>
    public PixelScaling ScalingFor(Dataset dataset, InputScaling? scaling = null)
    {
        if (scaling is null && Describe() is { } description)
            return new PixelScaling(description.Scale, description.Shift);
        return PixelScaling.Of(scaling ?? InputScaling.Raw, dataset.Statistics);
    }

    /// <summary>The parameters for a plan.</summary>
    /// <param name="plan">A network whose tensors must be exactly those of the file, in any order.</param>
    /// <returns>[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</returns>
    /// <exception cref="InputException">
    /// Tensors are missing, superfluous, of another shape, or hold values that are not finite.
    /// </exception>
    public float[] ParametersFor(NetworkPlan plan)
    {
        var saved = _file.Tensors.ToDictionary(tensor => tensor.Name);
        string[] missing = [.. plan.Tensors.Select(tensor => tensor.Name).Where(name => !saved.ContainsKey(name))];
        string[] extra = [.. saved.Keys.Except(plan.Tensors.Select(tensor => tensor.Name))];
        if (missing.Length > 0 || extra.Length > 0)
        {
            string[] problems = [.. Listed("lacks", missing), .. Listed("has besides", extra)];
            throw new InputException($"{_path}: does not hold \"{plan.Network}\": it {string.Join(" and ", problems)}");
        }

        float[] parameters = HostMemory.Allocate<float>(plan.ParameterCount, $"parameters of \"{plan.Network}\"");
        foreach (ParameterTensor tensor in plan.Tensors)
        {
            NamedTensor found = saved[tensor.Name];
            if (!found.Shape.SequenceEqual(tensor.Shape))
            {
                throw new InputException(
                    $"{_path}: {tensor.Name} has the shape {Text(found.Shape)}; \"{plan.Network}\" needs {Text(tensor.Shape)}");
            }

            int bad = found.Values.Span.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
            if (bad >= 0)
            {
                throw new InputException(
                    $"{_path}: {tensor.Name}: value {bad} is {found.Values.Span[bad]}; all parameters must be finite");
            }

            found.Values.Span.CopyTo(parameters.AsSpan(tensor.Offset));
        }
        return parameters;
    }

    /// <summary>The wrappers' names with which a key begins.</summary>
    private static string PrefixOf(string key)
    {
        int length = 0;
        while (Wrappers.FirstOrDefault(wrapper => key.AsSpan(length).StartsWith(wrapper)) is { } found)
            length += found.Length;
        return key[..length];
    }

    private static IEnumerable<string> Listed(string verb, string[] names) =>
        names.Length == 0 ? [] : [$"{verb} {string.Join(", ", names)}"];

    private static string Text(IReadOnlyList<int> shape) => $"[{string.Join(", ", shape)}]";
}
