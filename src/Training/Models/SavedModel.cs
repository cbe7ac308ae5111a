using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Training.Models;

/// <summary>
/// A model in a safetensors file. The keys are those of the same network as a <c>torch.nn.Sequential</c>, so that files go
/// to PyTorch and come from there.
/// </summary>
public sealed class SavedModel
{
    private readonly string path;
    private readonly TensorFile file;

    private SavedModel(string path, TensorFile file)
    {
        this.path = path;
        this.file = file;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">The file is missing or damaged.</exception>
    public static SavedModel Load(string path) => new(path, SafeTensors.Read(path));

    /// <summary>Writes a file, atomically.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="plan">The network.</param>
    /// <param name="parameters">[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</param>
    /// <param name="description">What the file says about itself.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, NetworkPlan plan, ReadOnlyMemory<float> parameters, ModelDescription description)
    {
        var tensors = plan.Tensors.Select(tensor =>
            new NamedTensor(tensor.Name, tensor.Shape, parameters.Slice(tensor.Offset, tensor.Count)));
        SafeTensors.Write(path, new TensorFile(description.ToMetadata(), [.. tensors]));
    }

    /// <summary>What the file says about itself, or null where it names no model, as files from PyTorch.</summary>
    /// <exception cref="InputException">The file names a model but the rest is incomplete or wrong.</exception>
    public ModelDescription? Describe() => ModelDescription.FromMetadata(file.Metadata, path);

    /// <summary>The network that the file describes, compiled for its own input width and classes.</summary>
    /// <exception cref="InputException">The file names no model, or one that cannot be.</exception>
    public NetworkPlan CompileOwn()
    {
        ModelDescription description = Describe() ?? throw new InputException(
            $"{path}: does not say which network it holds; name it with --model, e.g. --model Abs-L2-Neg");
        try
        {
            return NetworkPlan.Compile(Network.Parse(description.Model), description.Inputs, description.Classes);
        }
        catch (InputException error)
        {
            throw new InputException($"{path}: metadata: {error.Message}", error);
        }
    }

    /// <summary>The parameters for a plan.</summary>
    /// <param name="plan">A network whose tensors must be exactly those of the file, in any order.</param>
    /// <returns>[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</returns>
    /// <exception cref="InputException">Tensors are missing, superfluous, of another shape, or hold values that are not finite.</exception>
    public float[] ParametersFor(NetworkPlan plan)
    {
        var saved = file.Tensors.ToDictionary(tensor => tensor.Name);
        string[] missing = [.. plan.Tensors.Select(tensor => tensor.Name).Where(name => !saved.ContainsKey(name))];
        string[] extra = [.. saved.Keys.Except(plan.Tensors.Select(tensor => tensor.Name))];
        if (missing.Length > 0 || extra.Length > 0)
        {
            string[] problems = [.. Listed("lacks", missing), .. Listed("has besides", extra)];
            throw new InputException($"{path}: does not hold \"{plan.Network}\": it {string.Join(" and ", problems)}");
        }

        float[] parameters = new float[plan.ParameterCount];
        foreach (ParameterTensor tensor in plan.Tensors)
        {
            NamedTensor found = saved[tensor.Name];
            if (!found.Shape.SequenceEqual(tensor.Shape))
                throw new InputException($"{path}: {tensor.Name} has the shape {Text(found.Shape)}; \"{plan.Network}\" needs {Text(tensor.Shape)}");
            int bad = found.Values.Span.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
            if (bad >= 0)
                throw new InputException($"{path}: {tensor.Name}: value {bad} is {found.Values.Span[bad]}; all parameters must be finite");
            found.Values.Span.CopyTo(parameters.AsSpan(tensor.Offset));
        }
        return parameters;
    }

    private static IEnumerable<string> Listed(string verb, string[] names) =>
        names.Length == 0 ? [] : [$"{verb} {string.Join(", ", names)}"];

    private static string Text(IReadOnlyList<int> shape) => $"[{string.Join(", ", shape)}]";
}
