using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace IlgpuDistance.Cli.Tests.Architecture;

/// <summary>
/// Which types of an assembly use which others of it, read from its metadata: in base types, signatures, fields, attributes and
/// the code of methods. What a compiler writes besides (closures, iterators) counts for the type in which it stands. A constant
/// leaves no trace.
/// </summary>
internal sealed class TypeUses
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly NamesInSignatures _names = new();
    private readonly HashSet<(string User, string Used)> _uses = [];

    private TypeUses(PEReader file)
    {
        (_file, _metadata) = (file, file.GetMetadataReader());
        foreach (TypeDefinitionHandle type in _metadata.TypeDefinitions)
            Read(type);
    }

    /// <summary>
    /// All pairs of different types, by their full names without type parameters; nested types count for the outermost.
    /// </summary>
    public static IReadOnlySet<(string User, string Used)> In(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        return new TypeUses(file)._uses;
    }

    private void Read(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        string user = NamesInSignatures.NameOf(_metadata, handle);
        Add(user, type.BaseType);
        foreach (InterfaceImplementationHandle each in type.GetInterfaceImplementations())
            Add(user, _metadata.GetInterfaceImplementation(each).Interface);
        foreach (FieldDefinitionHandle each in type.GetFields())
            Add(user, _metadata.GetFieldDefinition(each).DecodeSignature(_names, null));
        Add(user, type.GetCustomAttributes());
        foreach (GenericParameterHandle parameter in type.GetGenericParameters())
            AddConstraints(user, parameter);
        foreach (MethodDefinitionHandle each in type.GetMethods())
        {
            MethodDefinition method = _metadata.GetMethodDefinition(each);
            Add(user, method.DecodeSignature(_names, null));
            Add(user, method.GetCustomAttributes());
            foreach (GenericParameterHandle parameter in method.GetGenericParameters())
                AddConstraints(user, parameter);
            if (method.RelativeVirtualAddress != 0)
                Add(user, _file.GetMethodBody(method.RelativeVirtualAddress));
        }
    }

    private void AddConstraints(string user, GenericParameterHandle parameter)
    {
        foreach (GenericParameterConstraintHandle each in _metadata.GetGenericParameter(parameter).GetConstraints())
            Add(user, _metadata.GetGenericParameterConstraint(each).Type);
    }

    private void Add(string user, CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle each in attributes)
            Add(user, _metadata.GetCustomAttribute(each).Constructor);
    }

    /// <summary>The locals and the tokens in the instructions of a method.</summary>
    private void Add(string user, MethodBodyBlock body)
    {
        if (!body.LocalSignature.IsNil)
        {
            foreach (ImmutableArray<string> local in _metadata.GetStandaloneSignature(body.LocalSignature)
                .DecodeLocalSignature(_names, null))
            {
                Add(user, local);
            }
        }
        foreach (ExceptionRegion region in body.ExceptionRegions)
            Add(user, region.CatchType);
        foreach (EntityHandle token in Instructions.Tokens(body.GetILReader()))
            Add(user, token);
    }

    private void Add(string user, EntityHandle handle)
    {
        if (handle.IsNil)
            return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
            case HandleKind.TypeReference:
            case HandleKind.TypeSpecification:
                Add(user, _names.NamesOf(_metadata, handle));
                break;
            case HandleKind.MethodDefinition:
                MethodDefinition method = _metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                Add(user, method.GetDeclaringType());
                Add(user, method.DecodeSignature(_names, null));
                break;
            case HandleKind.FieldDefinition:
                FieldDefinition field = _metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                Add(user, field.GetDeclaringType());
                Add(user, field.DecodeSignature(_names, null));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(user, generic.Method);
                foreach (ImmutableArray<string> argument in generic.DecodeSignature(_names, null))
                    Add(user, argument);
                break;
            case HandleKind.MemberReference:
                MemberReference member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                Add(user, member.Parent);
                if (member.GetKind() == MemberReferenceKind.Method)
                    Add(user, member.DecodeMethodSignature(_names, null));
                else
                    Add(user, member.DecodeFieldSignature(_names, null));
                break;
        }
    }

    private void Add(string user, MethodSignature<ImmutableArray<string>> signature)
    {
        Add(user, signature.ReturnType);
        foreach (ImmutableArray<string> parameter in signature.ParameterTypes)
            Add(user, parameter);
    }

    private void Add(string user, ImmutableArray<string> used)
    {
        foreach (string each in used)
        {
            if (each != user)
                _uses.Add((user, each));
        }
    }
}
